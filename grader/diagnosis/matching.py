"""Whether a submission makes a known mistake: task by task, and only where nothing it did speaks against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from grader.core.topic import Tolerance
from grader.diagnosis.answers import Answer, answers_of, differences, parent
from grader.diagnosis.known import CaseId, Known, KnownCall, KnownMistake, Trace, alike

ENOUGH_SIGNS: Final = 3
"""So many different wrong things, each reproduced, are no coincidence."""

SPECIFIC_SHARE: Final = 0.5
"""Fewer do, where the submission passes this share of the task's cases, and fails exactly those the mistake fails."""

MANY_SIGNS: Final = 8
"""So many leave room for a by-product: a case or two that one of both passes and the other does not."""

BY_PRODUCTS: Final = 0.15
"""The share of the failed cases that may be such."""


Rank = tuple[bool, bool, int, int]


class Agreement(msgspec.Struct, frozen=True):
    """That nothing a submission does in a task contradicts a known mistake: the checks on which it shows.

    ``signs`` counts the different wrong things that both do; ``enough`` says that they are no coincidence; ``exact``
    that both fail the very same cases.
    """

    mistake: KnownMistake
    task: str
    checks: tuple[str, ...]
    signs: int
    enough: bool
    exact: bool


def agreements(known: Known, trace: Trace, tasks: Mapping[str, str], tolerance: Tolerance) -> tuple[Agreement, ...]:
    """The mistake named in each task, if any, strongest first; ``tasks`` gives each check's task.

    Nothing is named where evidence is weak, where the submission's answers contradict it, or where two mistakes
    explain the same.
    """
    failed = set(trace.ended(passed=False))
    if not failed:
        return ()
    passed = set(trace.ended(passed=True))
    submission = _Submission(passed, failed, trace, tasks, tolerance)
    found: dict[str, list[tuple[Rank, Agreement]]] = {}
    for mistake in known:
        affected = {tasks[check] for check in mistake.failed if check in tasks}
        consistent = {task: agreed for task in affected if (agreed := submission.agrees(mistake, task)) is not None}
        shown = [agreed for agreed in consistent.values() if agreed.enough]
        for agreed in shown:
            # A mistake that explains all that it would break is a better name than one that explains half of it.
            rank = (agreed.exact, len(consistent) == len(affected), len(shown), agreed.signs)
            found.setdefault(agreed.task, []).append((rank, agreed))
    named = [best for candidates in found.values() if (best := _best(candidates, tolerance)) is not None]
    return tuple(sorted(named, key=lambda agreed: (-agreed.signs, agreed.mistake.id)))


def _best(candidates: list[tuple[Rank, Agreement]], tolerance: Tolerance) -> Agreement | None:
    """The one that explains most; of several only if they are one mistake, or the suite can't tell them apart."""
    highest = max(rank for rank, _ in candidates)
    first, *others = (agreed for rank, agreed in candidates if rank == highest)
    one = all(
        other.mistake.id == first.mistake.id or alike(first.mistake, other.mistake, tolerance) for other in others
    )
    return first if one else None


class _Submission:
    """What a submission did, its answers taken apart when they are first asked for."""

    def __init__(
        self, passed: set[CaseId], failed: set[CaseId], trace: Trace, tasks: Mapping[str, str], tolerance: Tolerance
    ) -> None:
        self._passed = passed
        self._failed = failed
        self._trace = trace
        self._tasks = tasks
        self._tolerance = tolerance
        self._answers: dict[CaseId, tuple[Answer, ...]] = {}

    def agrees(self, mistake: KnownMistake, task: str) -> Agreement | None:
        """How far this is ``mistake`` in ``task``; None if anything contradicts it."""
        mine = {case for case in self._failed if self._tasks.get(case[0]) == task}
        theirs = {case: calls for case, calls in mistake.cases() if self._tasks.get(case[0]) == task}
        # One of both fails what the other passes; what either skipped says nothing.
        odd = (mine & mistake.passed) | (theirs.keys() & self._passed)
        signs: set[str] = set()
        checks: list[str] = []
        for case in mine & theirs.keys():
            shown = self._compared(case, theirs[case])
            if shown is None:
                return None
            signs |= shown
            if shown and case[0] not in checks:
                checks.append(case[0])
        if odd and (len(signs) < MANY_SIGNS or len(odd) > BY_PRODUCTS * len(mine | theirs.keys())):
            return None
        passed = sum(self._tasks.get(check) == task for check, _ in self._passed)
        specific = passed >= SPECIFIC_SHARE * (passed + len(mine)) and not odd
        enough = len(signs) >= (1 if specific else ENOUGH_SIGNS)
        return Agreement(mistake, task, tuple(sorted(checks)), len(signs), enough, not odd)

    def _compared(self, case: CaseId, calls: Sequence[KnownCall]) -> set[str] | None:
        """The mistake's signs that this submission shows too; None if it answered otherwise."""
        if case not in self._answers:
            self._answers[case] = answers_of(self._trace.exchanges.get(case, ()))
        shown: set[str] = set()
        for mine, call in zip(self._answers[case], calls, strict=False):
            if mine.asked != call.answer.asked:
                # The check went another way, because of an answer that is free.
                break
            different = set(differences(mine.leaves, call.answer.leaves, self._tolerance))
            if any(not _is_free(place, call.free) for place in different):
                return None
            for place, signs in call.signs.items():
                if not _within(place, different):
                    shown.update(signs)
        return shown


def _is_free(place: str, free: frozenset[str]) -> bool:
    inside = f"{place}/"
    return _within(place, free) or ("/" in place and any(other.startswith(inside) for other in free))


def _within(place: str, places: set[str] | frozenset[str]) -> bool:
    """Whether ``place``, or a container that it is in, is among ``places``."""
    while True:
        if place in places:
            return True
        if not place:
            return False
        place = parent(place)
