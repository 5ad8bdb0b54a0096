"""Grades to record, and what another process sees of a gradebook."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from grader.core.grade import CheckGrade, Evidence, Grade, Graded, Mistake, Outcome, TaskGrade
from grader.core.verdict import Verdict
from grader.gradebook import Gradebook, connection


def graded(
    student: str = "ada", *, digest: str = "d1", score: float = 5.0, verdict: Verdict = Verdict.FAILED
) -> Graded:
    """A grade of two checks, one passed and one with ``verdict``, and its evidence."""
    checks = (
        CheckGrade("test_sum", "add", "Adds", Verdict.PASSED, score, 5.0, "public"),
        CheckGrade("test_negative", "add", "Adds below zero", verdict, 0.0, 5.0, "hidden", "wrong"),
    )
    grade = Grade(
        student=student,
        file="toy.py",
        digest=digest,
        gradable=True,
        score=score,
        max_score=10.0,
        seconds=0.25,
        mistakes=(Mistake("sign-lost", "Mind the sign.", "1 of 1"),),
        flags=("late import",),
        tasks=(TaskGrade("add", score, 10.0),),
        checks=checks,
    )
    outcome = Outcome(check="test_negative", verdict=verdict, detail="a\x00b \N{BROCCOLI}", line=3, seconds=0.125)
    return Graded(grade, Evidence((outcome,), output="hello\x1b[31m", notes=("cell 2 skipped",)))


def cut_off(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Have what ``connection`` calls ``name`` interrupted when it has done all its work in the database."""
    whole = getattr(connection, name)

    def interrupted(database: sa.Connection) -> None:
        whole(database)
        raise KeyboardInterrupt

    monkeypatch.setattr(connection, name, interrupted)


def begin(book: Gradebook, topic: str = "toy", suite: str = "s1", engine: str = "e1", sandbox: str = "full") -> int:
    """A run of the toy topic."""
    return book.begin_run(topic, suite, engine, sandbox)


def count(gradebook_file: Path, table: str) -> int:
    """How many rows another process would see in ``table``."""
    with sqlite3.connect(gradebook_file) as database:
        return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
