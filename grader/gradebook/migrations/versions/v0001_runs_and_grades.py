"""Runs, grades, the entries that join them, and checks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the first four tables."""
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("topic", sa.String, nullable=False),
        sa.Column("suite_digest", sa.String, nullable=False),
        sa.Column("engine", sa.String, nullable=False),
        sa.Column("sandbox", sa.String, nullable=False),
        sa.Column("started", sa.DateTime, nullable=False),
        sa.Column("finished", sa.DateTime),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
    )
    op.create_index("ix_runs_topic", "runs", ["topic"])
    op.create_table(
        "grades",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("run_id", sa.Integer, nullable=False),
        sa.Column("student", sa.String, nullable=False),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("gradable", sa.Boolean, nullable=False),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("max_score", sa.Float, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("reusable", sa.Boolean, nullable=False),
        sa.Column("recorded", sa.DateTime, nullable=False),
        sa.Column("grade", sa.LargeBinary, nullable=False),
        sa.Column("evidence", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_grades"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_grades_run_id"),
    )
    op.create_index("ix_grades_student_digest", "grades", ["student", "digest"])
    op.create_index("ix_grades_run_id", "grades", ["run_id"])
    op.create_table(
        "entries",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("run_id", sa.Integer, nullable=False),
        sa.Column("grade_id", sa.Integer, nullable=False),
        sa.Column("student", sa.String, nullable=False),
        sa.Column("file", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_entries"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_entries_run_id"),
        sa.ForeignKeyConstraint(["grade_id"], ["grades.id"], name="fk_entries_grade_id"),
    )
    op.create_index("ix_entries_run_id_student", "entries", ["run_id", "student"])
    op.create_table(
        "checks",
        sa.Column("grade_id", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("check_id", sa.String, nullable=False),
        sa.Column("task", sa.String, nullable=False),
        sa.Column("verdict", sa.String, nullable=False),
        sa.Column("points", sa.Float, nullable=False),
        sa.Column("max_points", sa.Float, nullable=False),
        sa.Column("visibility", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("grade_id", "position", name="pk_checks"),
        sa.ForeignKeyConstraint(["grade_id"], ["grades.id"], name="fk_checks_grade_id"),
    )
    op.create_index("ix_checks_check_id_verdict", "checks", ["check_id", "verdict"])
