"""What a person decided about a grade, beside what the grader found: neither overwrites the other."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

Change = Literal["add", "set"]


class Adjustment(msgspec.Struct, frozen=True, kw_only=True):
    """An instructor's decision on one student's work on a topic; it outlives every regrade until it is revoked.

    ``points`` are added to the task's, or replace them (``change``); None in a comment, which changes no points.
    ``why`` and ``comment`` are shown to the student. Times are UTC.
    """

    id: int
    topic: str
    student: str
    task: str = ""
    change: Change = "add"
    points: float | None = None
    why: str = ""
    comment: str = ""
    recorded: datetime
    revoked: datetime | None = None
    revoked_why: str = ""

    @property
    def words(self) -> str:
        """The change as it is typed: ``+5``, ``-2.5``, ``=20``; empty for a comment."""
        if self.points is None:
            return ""
        return f"={self.points:g}" if self.change == "set" else f"{self.points:+g}"


class TaskChange(msgspec.Struct, frozen=True):
    """A task's points before and after one adjustment."""

    task: str
    change: str
    before: float
    after: float
    why: str


class Lateness(msgspec.Struct, frozen=True):
    """A late submission: ``days`` after ``due``, ``tokens`` of which the student's late-day tokens paid.

    ``lost`` is the share of the points that the other days cost, in [0, 1]. Times are UTC.
    """

    received: datetime
    due: datetime
    days: int
    tokens: int
    lost: float


class Judgement(msgspec.Struct, frozen=True):
    """All that stands between a raw score and ``final_score``; ``void`` tells which adjustments found no such task."""

    final_score: float
    changes: tuple[TaskChange, ...] = ()
    late: Lateness | None = None
    comments: tuple[str, ...] = ()
    void: tuple[str, ...] = ()
