"""What moved between two runs of one topic: who, by how much, and through which check; a pure function."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from grader.core.final import final_score
from grader.core.grade import CheckGrade, Grade
from grader.core.verdict import Verdict


class CheckMove(msgspec.Struct, frozen=True):
    """A check whose verdict or points changed; None where a run has no such check of this student."""

    id: str
    task: str
    title: str
    before: Verdict | None
    after: Verdict | None
    points: float


class Movement(msgspec.Struct, frozen=True):
    """One student whose grade changed; scores are None in a run that the student is not in.

    ``final_before`` and ``final_after`` are with today's adjustments and late policy; ``resubmitted`` says that other
    bytes were graded; ``points`` of a check, and ``moved``, are after less before.
    """

    student: str
    before: float | None
    after: float | None
    final_before: float | None
    final_after: float | None
    moved: float
    resubmitted: bool
    gradable: bool
    checks: tuple[CheckMove, ...]


def movements(before: Sequence[Grade], after: Sequence[Grade]) -> tuple[Movement, ...]:
    """Every student whose score, checks or presence differ, those who lose most first."""
    old = {grade.student: grade for grade in before}
    new = {grade.student: grade for grade in after}
    found = [
        moved
        for student in sorted(old.keys() | new.keys())
        if (moved := _movement(student, old.get(student), new.get(student))) is not None
    ]
    return tuple(sorted(found, key=lambda each: (each.moved, each.student)))


def _movement(student: str, old: Grade | None, new: Grade | None) -> Movement | None:
    checks = _check_moves(old.checks if old else (), new.checks if new else ())
    latest = new or old
    assert latest is not None
    same = (
        old is not None
        and new is not None
        and (old.score, old.max_score, old.gradable, final_score(old))
        == (new.score, new.max_score, new.gradable, final_score(new))
    )
    if same and not checks:
        return None
    return Movement(
        student=student,
        before=old.score if old else None,
        after=new.score if new else None,
        final_before=final_score(old) if old else None,
        final_after=final_score(new) if new else None,
        moved=round((new.score if new else 0.0) - (old.score if old else 0.0), 6),
        resubmitted=old is not None and new is not None and old.digest != new.digest,
        gradable=latest.gradable,
        checks=checks,
    )


def _check_moves(old: Sequence[CheckGrade], new: Sequence[CheckGrade]) -> tuple[CheckMove, ...]:
    before = {check.id: check for check in old}
    after = {check.id: check for check in new}
    moves = []
    for name in dict.fromkeys([*before, *after]):
        one, other = before.get(name), after.get(name)
        points = round((other.points if other else 0.0) - (one.points if one else 0.0), 6)
        verdicts = (one.verdict if one else None, other.verdict if other else None)
        shown = other or one
        if shown is not None and (points or verdicts[0] is not verdicts[1]):
            moves.append(CheckMove(name, shown.task, shown.title, *verdicts, points))
    return tuple(moves)
