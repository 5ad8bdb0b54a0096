"""The result of grading one submission: exactly what ``results.json`` holds, and what the instructor sees beside it."""

from __future__ import annotations

from typing import Literal

import msgspec

from grader.core.failure import Failure
from grader.core.judgement import Judgement
from grader.core.verdict import Verdict

Visibility = Literal["public", "hidden"]

# What a class has millions of (``gc=False``) holds only texts and numbers, so that it can be part of no cycle: the
# collector need not look at it, which is half of the time that reading a class takes.


class CheckSpec(msgspec.Struct, frozen=True):
    """One check of a suite, as collected: a test function; a parametrised one has several cases."""

    id: str
    task: str
    title: str
    visibility: Visibility
    weight: float = 1.0
    depends: tuple[str, ...] = ()
    cases: tuple[str, ...] = ("",)


class Outcome(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What happened to one case of a check.

    ``failure`` and ``reason`` may be shown for a public check; ``line`` is the line of the submission that raised,
    from 1, of its cell number ``cell``, from 0 (a plain file is one cell); ``detail`` may hold anything the submission
    wrote, and is the instructor's alone.
    """

    check: str
    case: str = ""
    verdict: Verdict
    failure: Failure | None = None
    reason: str = ""
    cell: int = 0
    line: int | None = None
    detail: str = ""
    seconds: float = 0.0


class Mistake(msgspec.Struct, frozen=True, gc=False):
    """A known wrong answer that a submission agrees with."""

    id: str
    hint: str
    evidence: str


class TaskGrade(msgspec.Struct, frozen=True, gc=False):
    """What a task earned."""

    name: str
    points: float
    max_points: float


class CheckGrade(msgspec.Struct, frozen=True, gc=False):
    """What a check earned. ``message`` is safe to show to the student."""

    id: str
    task: str
    title: str
    verdict: Verdict
    points: float
    max_points: float
    visibility: Visibility
    message: str = ""


class Grade(msgspec.Struct, frozen=True, gc=False):
    """One submission's entry in ``results.json``; ``score`` is what the grader found, whatever a person decided since.

    ``judgement`` is absent, from the JSON too, where nobody changed or said anything and nothing was late.
    """

    student: str
    file: str
    digest: str
    gradable: bool
    score: float
    max_score: float
    seconds: float
    mistakes: tuple[Mistake, ...] = ()
    flags: tuple[str, ...] = ()
    tasks: tuple[TaskGrade, ...] = ()
    checks: tuple[CheckGrade, ...] = ()
    judgement: Judgement | msgspec.UnsetType = msgspec.UNSET

    def unnamed(self) -> Grade:
        """What was found, without whose it is or how long it took: equal wherever the same was found."""
        return msgspec.structs.replace(self, student="", file="", digest="", seconds=0.0)


class Evidence(msgspec.Struct, frozen=True, gc=False):
    """What the instructor may read beside a grade: every failing case in full, and the submission's output.

    ``lines`` has, for a named mistake's id, the line of the submission that looks most like it.
    """

    outcomes: tuple[Outcome, ...] = ()
    output: str = ""
    notes: tuple[str, ...] = ()
    lines: dict[str, str] = {}


class Graded(msgspec.Struct, frozen=True, gc=False):
    """A grade with its evidence, as a session returns it.

    ``tolerance_used`` is for the audit, and filled by a session that measures: of each check that compared inexact
    numbers, the largest error as a share of what its tolerance allows. Nothing stores or shows it.
    """

    grade: Grade
    evidence: Evidence = Evidence()
    tolerance_used: dict[str, float] = {}


class Results(msgspec.Struct, frozen=True):
    """``results.json``: one entry for every submission found, in the order of the students' names."""

    topic: str
    suite_digest: str
    engine: str
    submissions: tuple[Grade, ...]
