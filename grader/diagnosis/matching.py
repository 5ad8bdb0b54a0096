"""Whether a submission makes a known mistake: task by task, and only where nothing it did speaks against it."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Final

import msgspec

from grader.core.topic import Tolerance
from grader.core.verdict import Verdict
from grader.diagnosis.answers import Answer, answers_of, differences, parent, same_numbers
from grader.diagnosis.known import CaseId, Known, KnownCall, KnownMistake, Trace, alike, is_worded, said

ENOUGH_SIGNS: Final = 3
"""So many different wrong things, each reproduced, are no coincidence."""

ENOUGH_CASES: Final = 3
"""So do so many cases in which the same is wrong, such as a 0, if they are all in which the mistake is wrong."""

FEW_CASES: Final = 5
"""Nor in so many, where nearly all agree."""

NEARLY: Final = 0.15
"""The share of cases that may speak against a mistake that nearly all agree on."""

SPECIFIC_SHARE: Final = 0.5
"""Fewer do, where the submission passes this share of the task's cases, and fails exactly those the mistake fails."""

MILDER_SIGNS: Final = 5
"""Nor are so many wrong things of a submission that passes some of what the mistake fails, and fails nothing else."""

MANY_SIGNS: Final = 12
"""So many, those of three arrays, leave room for what is not alike: they are more than enough for the rest."""

UNEXPLAINED: Final = 0.4
"""The share of the failed cases that may be answered otherwise, or be failed by one of both only."""

MILDER_SHARE: Final = 0.5
"""A submission that fails nothing else may pass the others of the cases that the mistake fails."""

ANYBODYS: Final = {
    f"raised {name}"
    for name in ("NameError", "UnboundLocalError", "AttributeError", "ImportError", "ModuleNotFoundError")
}
"""What a misspelt name raises: no sign of a mistake that raises something else."""

Rank = tuple[bool, bool, int, int, int]
Pattern = frozenset[tuple[CaseId, str]]
"""The cases of a task that fail, and how each fails."""


class Agreement(msgspec.Struct, frozen=True):
    """How far a submission does in a task what a known mistake does: the checks on which it shows.

    ``signs`` counts the different wrong things that both do; ``enough`` says that they are no coincidence;
    ``unexplained`` counts the failed cases that speak against it.
    """

    mistake: KnownMistake
    task: str
    checks: tuple[str, ...]
    signs: int
    enough: bool
    unexplained: int


Cases = dict[CaseId, Sequence[KnownCall]]
"""The cases of a task that a mistake fails, with its calls."""


class Matcher:
    """Compares submissions with what is known of a topic; ``tasks`` gives each check's task."""

    def __init__(self, known: Known, tasks: Mapping[str, str], tolerance: Tolerance) -> None:
        self.tasks = tasks
        self.tolerance = tolerance
        self._known = known
        # Asked for each submission again, and the same for all of them.
        self._affected = [(mistake, _by_task(mistake, tasks)) for mistake in known]

    @functools.cached_property
    def owners(self) -> dict[Pattern, set[str]]:
        """Which mistakes fail a task in which way."""
        return _owners(self._known, self.tasks)

    def agreements(self, trace: Trace) -> tuple[Agreement, ...]:
        """The mistake named in each task, if any, strongest first.

        Nothing is named where evidence is weak, where the submission's answers contradict it, or where two mistakes
        explain the same.
        """
        failed = set(trace.ended(passed=False))
        if not failed:
            return ()
        submission = _Submission(trace, self)
        found: dict[str, list[tuple[Rank, Agreement]]] = {}
        for mistake, affected in self._affected:
            consistent = [
                agreed
                for task, cases in affected.items()
                if (agreed := submission.agrees(mistake, task, cases)) is not None
            ]
            shown = [agreed for agreed in consistent if agreed.enough]
            for agreed in shown:
                # A mistake that explains all that it would break is a better name than one that explains half of it;
                # where something else is wrong, too, one that shows in two tasks is better than one that leaves less
                # in one.
                whole = len(consistent) == len(affected)
                rank = (agreed.unexplained == 0, whole, len(shown), -agreed.unexplained, agreed.signs)
                found.setdefault(agreed.task, []).append((rank, agreed))
        named = [best for candidates in found.values() if (best := _best(candidates, self.tolerance)) is not None]
        return tuple(sorted(named, key=lambda agreed: (-agreed.signs, agreed.mistake.id)))


def _by_task(mistake: KnownMistake, tasks: Mapping[str, str]) -> dict[str, Cases]:
    found: dict[str, Cases] = {}
    for (check, case), calls in mistake.cases():
        if check in tasks:
            found.setdefault(tasks[check], {})[check, case] = calls
    return found


def _owners(known: Known, tasks: Mapping[str, str]) -> dict[Pattern, set[str]]:
    owners: dict[Pattern, set[str]] = {}
    for mistake in known:
        by_task: dict[str, set[tuple[CaseId, str]]] = {}
        for check, cases in mistake.symptoms.items():
            if check in tasks:
                by_task.setdefault(tasks[check], set()).update(((check, case), how) for case, how in cases.items())
        for pattern in by_task.values():
            owners.setdefault(frozenset(pattern), set()).add(mistake.id)
    return owners


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

    def __init__(self, trace: Trace, matcher: Matcher) -> None:
        self._passed = set(trace.ended(passed=True))
        self._symptoms = trace.symptoms()
        self._trace = trace
        self._tolerance = matcher.tolerance
        self._matcher = matcher
        self._answers: dict[CaseId, tuple[Answer, ...]] = {}
        self._failed_in: dict[str, set[CaseId]] = {}
        tasks = matcher.tasks
        for case in self._symptoms:
            if case[0] in tasks:
                self._failed_in.setdefault(tasks[case[0]], set()).add(case)
        self._passed_in = Counter(tasks.get(check) for check, _ in self._passed)

    def agrees(self, mistake: KnownMistake, task: str, theirs: Cases) -> Agreement | None:
        """How far this is ``mistake`` in ``task``, of which it fails ``theirs``; None if too much contradicts it."""
        mine = self._failed_in.get(task, set())
        both = mine & theirs.keys()
        # One of both fails what the other passes; what either skipped says nothing.
        more, less = mine & mistake.passed, theirs.keys() & self._passed
        if not both and (more or less):
            return None
        within = not more and len(both) >= MILDER_SHARE * (len(both) + len(less))
        either = len(mine) + len(theirs) - len(both)
        allowed = UNEXPLAINED * either
        signs: set[str] = set()
        checks: set[str] = set()
        contradicted = shown_in = 0
        other_words = False
        for case in both:
            if len(more) + len(less) + contradicted > allowed and (contradicted or not within):
                # Most mistakes are out before much is compared.
                return None
            if self._refuses_nothing(case, mistake):
                # What it answered instead does not matter; that it did, in each such case, does.
                signs.add(f"accepted {case}")
                checks.add(case[0])
                continue
            shown, otherwise = self._compared(case, theirs[case])
            if otherwise:
                contradicted += not self._is_about_words(case, mistake)
            elif shown:
                signs |= shown
                shown_in += bool(shown - {"raised"})
                other_words = other_words or (shown == {"raised"} and _has_words(theirs[case]))
                checks.add(case[0])
        unexplained = len(more) + len(less) + contradicted
        passed = self._passed_in[task]
        specific = passed >= SPECIFIC_SHARE * (passed + len(mine))
        if unexplained:
            milder = within and not contradicted
            mostly = unexplained <= allowed
            nearly = unexplained <= NEARLY * either
            # What a library complains of is much the same after many mistakes.
            own = signs if milder else {sign for sign in signs if not sign.startswith("raised ")}
            enough = (
                len(own) >= MANY_SIGNS
                or (milder and specific and len(signs - {"raised"}) >= MILDER_SIGNS)
                or (nearly and not contradicted and shown_in >= FEW_CASES and len(signs - {"raised"}) >= ENOUGH_SIGNS)
            )
            if not enough or not (milder or mostly):
                return None
        else:
            enough = (
                len(signs) >= ENOUGH_SIGNS
                or (specific and (bool(signs - {"raised"}) or ("raised" in signs and not other_words)))
                or (passed > 0 and shown_in >= ENOUGH_CASES)
                or (self._is_telling(mine, passed, signs) and self._fail_alike(mine) == {mistake.id})
            )
            checks = checks or {check for check, _ in both}
        return Agreement(mistake, task, tuple(sorted(checks)), len(signs), enough, unexplained)

    def _refuses_nothing(self, case: CaseId, mistake: KnownMistake) -> bool:
        """Whether both answer what must raise: with what does not matter."""
        symptom = self._symptoms[case]
        return symptom.startswith("raises ") and mistake.symptoms.get(case[0], {}).get(case[1]) == symptom

    def _is_telling(self, mine: set[CaseId], passed: int, signs: set[str]) -> bool:
        """Whether which cases fail, and how, says something.

        Not where all fail, unless in several ways; and where nothing but free values is wrong, only if one of them is
        wrong in a way that belongs to a single known mistake.
        """
        if signs - {"raised"}:
            return passed > 0 or len({self._symptoms[case] for case in mine}) > 1
        if any(is_worded(self._symptoms[case]) or self._symptoms[case] == Verdict.TIMED_OUT for case in mine):
            return passed > 0
        shown = {(case, self._symptoms[case]) for case in mine if self._symptoms[case].startswith("values ")}
        return any(self._belongs_to_one(way, passed > 0) for way in shown)

    def _belongs_to_one(self, way: tuple[CaseId, str], passed: bool) -> bool:
        """Whether one known mistake alone fails a case in this way.

        Where nothing ``passed``, that says something only if the check has other words for other wrong values.
        """
        case, symptom = way
        names = {name for pattern, names in self._matcher.owners.items() if way in pattern for name in names}
        return len(names) == 1 and (
            passed
            or any(
                case == other and words != symptom and words.startswith("values ")
                for pattern in self._matcher.owners
                for other, words in pattern
            )
        )

    def _fail_alike(self, mine: set[CaseId]) -> set[str]:
        """The known mistakes that fail exactly these cases, each case in the way in which this submission does."""
        return self._matcher.owners.get(frozenset((case, self._symptoms[case]) for case in mine), set())

    def _is_about_words(self, case: CaseId, mistake: KnownMistake) -> bool:
        """Whether both fail a case for words that a check found, such as the layers there are, not for numbers."""
        symptom = self._symptoms[case]
        return symptom.startswith("truth ") and mistake.symptoms.get(case[0], {}).get(case[1]) == symptom

    def _compared(self, case: CaseId, calls: Sequence[KnownCall]) -> tuple[set[str], bool]:
        """The mistake's signs that this submission shows too, or none and that it answered otherwise somewhere."""
        if case not in self._answers:
            self._answers[case] = answers_of(self._trace.exchanges.get(case, ()))
        shown: set[str] = set()
        for mine, call in zip(self._answers[case], calls, strict=False):
            if mine.asked != call.answer.asked:
                # The check went another way, because of an answer that is free.
                break
            different = set(differences(mine.leaves, call.answer.leaves, self._tolerance))
            kinds = self._alike_but_for_dtype(mine, call, different) if different else {}
            different -= kinds.keys()
            if any(not _is_free(place, call.free) and not _is_changed(place, call) for place in different):
                return set(), True
            shown.update(
                sign
                for place, found in call.signs.items()
                if not _within(place, different)
                for sign in found
                if sign != kinds.get(place) and _says(mine, call.answer, sign)
            )
        return shown, False

    def _alike_but_for_dtype(self, mine: Answer, call: KnownCall, different: set[str]) -> dict[str, str]:
        """The places where the same wrong numbers have another dtype, each with the mistake's own kind."""
        theirs = {leaf.place: leaf for leaf in call.answer.leaves}
        return {
            leaf.place: theirs[leaf.place].kind
            for leaf in mine.leaves
            if leaf.place in different
            and leaf.place in theirs
            and leaf.kind != theirs[leaf.place].kind
            and same_numbers(leaf, theirs[leaf.place], self._tolerance)
            and leaf.place in call.right
            and not same_numbers(leaf, call.right[leaf.place], self._tolerance)
        }


def _has_words(calls: Sequence[KnownCall]) -> bool:
    """Whether an exception of the mistake has words that are a sign: who raises without them may do something else."""
    return any(sign.startswith("raised ") for call in calls for found in call.signs.values() for sign in found)


def _says(mine: Answer, theirs: Answer, sign: str) -> bool:
    """Whether an answer gives ``sign`` as the mistake's does, if that is an exception's; all else has been compared."""
    if sign == "raised":
        kinds = {leaf.kind for leaf in mine.leaves if leaf.kind.startswith("raised ")}
        return bool(kinds - ANYBODYS) or bool(kinds & {leaf.kind for leaf in theirs.leaves})
    return not sign.startswith("raised ") or any(said(leaf) == sign for leaf in mine.leaves)


def _is_changed(place: str, call: KnownCall) -> bool:
    """Whether an argument was changed that must not be: into what does not matter."""
    return place.startswith("after ") and _within(place, call.signs.keys())


def _is_free(place: str, free: frozenset[str]) -> bool:
    inside = f"{place}/"
    return _within(place, free) or ("/" in place and any(other.startswith(inside) for other in free))


def _within(place: str, places: Collection[str]) -> bool:
    """Whether ``place``, or a container that it is in, is among ``places``."""
    while True:
        if place in places:
            return True
        if not place:
            return False
        place = parent(place)
