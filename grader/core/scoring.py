"""From outcomes to points: a pure function, so that a grade can be computed again from the gradebook.

A task's points are shared by its checks in proportion to their weights; a check with several cases earns its share
in proportion to the cases that pass. A check whose dependency did not pass is SKIPPED and earns nothing, whatever it
did itself. A check that ended in INTERNAL_ERROR takes no part in the sharing: it is not a pass, and it costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from grader.core.grade import CheckSpec, Outcome, TaskGrade
from grader.core.topic import Task
from grader.core.verdict import Verdict

_WORST_FIRST = (
    Verdict.INTERNAL_ERROR,
    Verdict.FORBIDDEN,
    Verdict.CRASHED,
    Verdict.OUT_OF_MEMORY,
    Verdict.TIMED_OUT,
    Verdict.RAISED,
    Verdict.FAILED,
    Verdict.SKIPPED,
)


class Scored(msgspec.Struct, frozen=True):
    """A check with its verdict over all cases, and its points."""

    spec: CheckSpec
    verdict: Verdict
    points: float
    max_points: float


def check_verdict(spec: CheckSpec, outcomes: Sequence[Outcome]) -> Verdict:
    """The verdict over a check's cases: PASSED if all passed, else the gravest; a missing case is never a pass."""
    verdicts = {outcome.verdict for outcome in outcomes if outcome.case in spec.cases}
    if not {outcome.case for outcome in outcomes}.issuperset(spec.cases):
        verdicts.add(Verdict.SKIPPED)
    return next((verdict for verdict in _WORST_FIRST if verdict in verdicts), Verdict.PASSED)


def blocked_by(spec: CheckSpec, verdicts: Mapping[str, Verdict]) -> Verdict | None:
    """The verdict that ``spec`` has without being run, because of those it depends on; None if it may run.

    What depends on a check that our own fault broke is as unknown as that check: INTERNAL_ERROR, not SKIPPED.
    """
    if not spec.depends:
        return None
    needed = {verdicts[name] for name in spec.depends}
    if Verdict.INTERNAL_ERROR in needed:
        return Verdict.INTERNAL_ERROR
    return Verdict.SKIPPED if needed - {Verdict.PASSED} else None


def score(
    tasks: Sequence[Task], specs: Sequence[CheckSpec], outcomes: Iterable[Outcome]
) -> tuple[tuple[TaskGrade, ...], tuple[Scored, ...]]:
    """Points for each task and check, in the order given.

    ``specs`` must be ordered so that a check comes after those it depends on. Points are rounded to 6 decimals.
    """
    by_check: dict[str, list[Outcome]] = {spec.id: [] for spec in specs}
    for outcome in outcomes:
        by_check[outcome.check].append(outcome)
    verdicts: dict[str, Verdict] = {}
    for spec in specs:
        verdicts[spec.id] = blocked_by(spec, verdicts) or check_verdict(spec, by_check[spec.id])

    scored: dict[str, Scored] = {}
    task_grades = []
    for task in tasks:
        own = [spec for spec in specs if spec.task == task.name]
        counted = [spec for spec in own if verdicts[spec.id] is not Verdict.INTERNAL_ERROR]
        total = sum(spec.weight for spec in counted)
        earned = 0.0
        for spec in own:
            share = task.points * spec.weight / total if spec in counted else 0.0
            points = share * _passed_share(spec, verdicts[spec.id], by_check[spec.id])
            earned += points
            scored[spec.id] = Scored(spec, verdicts[spec.id], round(points, 6), round(share, 6))
        task_grades.append(TaskGrade(task.name, round(earned, 6), task.points if counted else 0.0))
    return tuple(task_grades), tuple(scored[spec.id] for spec in specs)


def _passed_share(spec: CheckSpec, verdict: Verdict, outcomes: Sequence[Outcome]) -> float:
    if verdict in (Verdict.SKIPPED, Verdict.INTERNAL_ERROR):
        return 0.0
    done = {outcome.case for outcome in outcomes}
    done -= {outcome.case for outcome in outcomes if outcome.verdict is Verdict.SKIPPED}
    if not done.issuperset(spec.cases):
        # Cut short: what is not known of a check is not made up for by what is.
        return 0.0
    passed = {outcome.case for outcome in outcomes if outcome.verdict is Verdict.PASSED}
    passed -= {outcome.case for outcome in outcomes if outcome.verdict is not Verdict.PASSED}
    return sum(case in passed for case in spec.cases) / len(spec.cases)
