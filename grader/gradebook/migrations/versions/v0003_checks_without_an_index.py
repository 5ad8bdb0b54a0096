"""Checks lose an index that nothing read: each grade wrote to as many pages of it as it has checks."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Drop the index of checks and verdicts."""
    op.drop_index("ix_checks_check_id_verdict", "checks")
