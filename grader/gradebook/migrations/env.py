"""Run by Alembic: migrates the connection that ``grader.gradebook.connection`` hands over, in its transaction."""

from __future__ import annotations

from alembic import context

from grader.gradebook.schema import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
context.run_migrations()
