"""The gradebook's tables.

A **run** is one ``grade`` command on one topic. A **grade** is what one submission earned, stored once, by the run that
computed it; an **entry** makes a grade part of a run, so that a later run can take over a grade without computing it
again. A **check** row repeats a part of its grade in columns, for statistics; it has no index but its key, since each
grade would write to as many pages of one as it has checks. An **adjustment** is a person's decision, or takes back an
earlier one; a **publication** is what students saw of a run from a moment on. Rows are added, never changed (but for a
run's ``finished``). A change of this file needs a migration beside it, and HEAD must name the last.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
)

HEAD = "0003"
"""The newest migration. Revisions are numbers, so that a newer release's gradebook is known as such."""

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)

RUNS = Table(
    "runs",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("topic", String, nullable=False),
    Column("suite_digest", String, nullable=False),
    Column("engine", String, nullable=False),
    Column("sandbox", String, nullable=False),
    Column("started", DateTime, nullable=False),  # UTC, as all times here: SQLite keeps no time zone
    Column("finished", DateTime),
    Column("suite_parts", LargeBinary),  # what an edit of the suite is compared with: see autograde.touched
    Index(None, "topic"),
)

GRADES = Table(
    "grades",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("run_id", ForeignKey("runs.id"), nullable=False),
    Column("student", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("gradable", Boolean, nullable=False),
    Column("score", Float, nullable=False),
    Column("max_score", Float, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("reusable", Boolean, nullable=False),
    Column("recorded", DateTime, nullable=False),
    # JSON as bytes, not as text: evidence may hold NUL characters, which PostgreSQL's text type refuses.
    Column("grade", LargeBinary, nullable=False),
    Column("evidence", LargeBinary, nullable=False),
    Index(None, "student", "digest"),
    Index(None, "run_id"),
)

ENTRIES = Table(
    "entries",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("run_id", ForeignKey("runs.id"), nullable=False),
    Column("grade_id", ForeignKey("grades.id"), nullable=False),
    Column("student", String, nullable=False),
    Column("file", String, nullable=False),
    Column("received", DateTime),
    Index(None, "run_id", "student"),
)

CHECKS = Table(
    "checks",
    METADATA,
    Column("grade_id", ForeignKey("grades.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("check_id", String, nullable=False),
    Column("task", String, nullable=False),
    Column("verdict", String, nullable=False),
    Column("points", Float, nullable=False),
    Column("max_points", Float, nullable=False),
    Column("visibility", String, nullable=False),
)

ADJUSTMENTS = Table(
    "adjustments",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("topic", String, nullable=False),
    Column("student", String, nullable=False),
    Column("task", String, nullable=False),
    Column("change", String, nullable=False),
    Column("points", Float),
    Column("why", String, nullable=False),
    Column("comment", String, nullable=False),
    Column("recorded", DateTime, nullable=False),
    Column("revokes", ForeignKey("adjustments.id"), unique=True),
    Index(None, "topic", "student"),
)

PUBLICATIONS = Table(
    "publications",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("run_id", ForeignKey("runs.id"), nullable=False),
    Column("published", DateTime, nullable=False),
    Column("results", LargeBinary, nullable=False),
    Index(None, "run_id"),
)
