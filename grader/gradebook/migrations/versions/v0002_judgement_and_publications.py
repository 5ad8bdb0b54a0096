"""Adjustments, publications, when a submission was received, and what a suite consists of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add two tables and two columns; what earlier runs did not know stays unknown."""
    op.add_column("runs", sa.Column("suite_parts", sa.LargeBinary))
    op.add_column("entries", sa.Column("received", sa.DateTime))
    op.create_table(
        "adjustments",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("topic", sa.String, nullable=False),
        sa.Column("student", sa.String, nullable=False),
        sa.Column("task", sa.String, nullable=False),
        sa.Column("change", sa.String, nullable=False),
        sa.Column("points", sa.Float),
        sa.Column("why", sa.String, nullable=False),
        sa.Column("comment", sa.String, nullable=False),
        sa.Column("recorded", sa.DateTime, nullable=False),
        sa.Column("revokes", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_adjustments"),
        sa.ForeignKeyConstraint(["revokes"], ["adjustments.id"], name="fk_adjustments_revokes"),
        sa.UniqueConstraint("revokes", name="uq_adjustments_revokes"),
    )
    op.create_index("ix_adjustments_topic_student", "adjustments", ["topic", "student"])
    op.create_table(
        "publications",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("run_id", sa.Integer, nullable=False),
        sa.Column("published", sa.DateTime, nullable=False),
        sa.Column("results", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_publications"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_publications_run_id"),
    )
    op.create_index("ix_publications_run_id", "publications", ["run_id"])
