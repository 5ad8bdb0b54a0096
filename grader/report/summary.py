"""What a class did on one topic, in numbers: pure functions of its grades."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import fmean, median

import msgspec

from grader.core.grade import CheckGrade, Grade
from grader.core.verdict import Verdict

BUCKETS = (*(f"{low}–{low + 9}" for low in range(0, 100, 10)), "100")
"""Names of the score distribution's bars, in per cent; full marks stand alone."""


class CheckRate(msgspec.Struct, frozen=True):
    """How a class did on one check; ``rate`` is the share that passed, None if our own faults leave nobody to count."""

    check: CheckGrade
    rate: float | None
    verdicts: tuple[tuple[Verdict, int], ...]


class Unread(msgspec.Struct, frozen=True):
    """A submission that is not gradable, and what was found instead."""

    student: str
    file: str
    flags: tuple[str, ...]


class Summary(msgspec.Struct, frozen=True):
    """A class on one topic. ``mean`` and ``median`` are shares of the full score, None for an empty class.

    ``broken`` names each student and check on which the grader itself broke.
    """

    submissions: int
    mean: float | None
    median: float | None
    full: int
    buckets: tuple[int, ...]
    checks: tuple[CheckRate, ...]
    mistakes: tuple[tuple[str, int], ...]
    not_gradable: tuple[Unread, ...]
    broken: tuple[tuple[str, str], ...]


def share(points: float, max_points: float) -> float:
    """``points`` as a share of ``max_points``, in [0, 1]; 0 where there is nothing to earn."""
    return min(max(points / max_points, 0.0), 1.0) if max_points > 0 else 0.0


def summarise(grades: Sequence[Grade]) -> Summary:
    """The numbers over ``grades``, checks in the suite's order, mistakes by how many made each."""
    shares = [share(grade.score, grade.max_score) for grade in grades]
    counts = Counter(_bucket(value) for value in shares)
    mistakes = Counter(mistake.id for grade in grades for mistake in grade.mistakes)
    return Summary(
        submissions=len(grades),
        mean=fmean(shares) if shares else None,
        median=median(shares) if shares else None,
        full=counts[len(BUCKETS) - 1],
        buckets=tuple(counts[number] for number in range(len(BUCKETS))),
        checks=_rates(grades),
        mistakes=tuple(sorted(mistakes.items(), key=lambda item: (-item[1], item[0]))),
        not_gradable=tuple(Unread(grade.student, grade.file, grade.flags) for grade in grades if not grade.gradable),
        broken=tuple(
            (grade.student, check.id)
            for grade in grades
            for check in grade.checks
            if check.verdict is Verdict.INTERNAL_ERROR
        ),
    )


def _bucket(value: float) -> int:
    # A score a rounding error below full marks is full marks.
    return len(BUCKETS) - 1 if value > 1 - 1e-9 else int(value * 10)


def _rates(grades: Sequence[Grade]) -> tuple[CheckRate, ...]:
    first: dict[str, CheckGrade] = {}
    verdicts: dict[str, Counter[Verdict]] = {}
    for grade in grades:
        for check in grade.checks if grade.gradable else ():
            if check.id not in first:
                first[check.id], verdicts[check.id] = check, Counter()
            verdicts[check.id][check.verdict] += 1
    rates = []
    for name, check in first.items():
        seen = verdicts[name]
        counted = seen.total() - seen[Verdict.INTERNAL_ERROR]
        rate = seen[Verdict.PASSED] / counted if counted else None
        rates.append(CheckRate(check, rate, tuple((verdict, seen[verdict]) for verdict in Verdict if seen[verdict])))
    return tuple(rates)
