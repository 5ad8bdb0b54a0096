"""What is kept of the known wrong answers: of each case that one fails, what it answered and what is odd about that.

A place where right answers differ among themselves is free: a cache of any form, names of layers, a random draw. There
another value is nobody's mistake, and only the very same one says something.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec
import numpy as np

from grader.core.answer import KnownAnswer
from grader.core.grade import Outcome
from grader.core.topic import Tolerance
from grader.core.verdict import Verdict
from grader.diagnosis.answers import Answer, Exchange, Leaf, agree, answers_of, close, differences, parent, same

CaseId = tuple[str, str]
"""A check's id, and the case's within it."""

MOST_SIGNS: Final = 4
"""How many signs one leaf may give: a large array is not more typical than two small ones."""

LARGE: Final = 8
"""From so many elements on, it says something which of them are wrong."""


class Trace(msgspec.Struct, frozen=True):
    """One answer's way through the suite: what came of each case, and its exchanges, at least of those that failed."""

    outcomes: Sequence[Outcome]
    exchanges: Mapping[CaseId, Sequence[Exchange]]

    def ended(self, passed: bool) -> Iterator[CaseId]:
        """The cases that passed, or those that failed; what was not run, or broke by our fault, did neither."""
        for outcome in self.outcomes:
            ended = outcome.verdict not in (Verdict.SKIPPED, Verdict.INTERNAL_ERROR)
            if ended and (outcome.verdict is Verdict.PASSED) is passed:
                yield outcome.check, outcome.case

    def symptoms(self) -> dict[CaseId, str]:
        """How each failed case failed: the verdict, or the comparison that did not hold, without any number."""
        failed = set(self.ended(passed=False))
        return {
            case: _symptom(outcome) for outcome in self.outcomes if (case := (outcome.check, outcome.case)) in failed
        }


def _symptom(outcome: Outcome) -> str:
    if outcome.failure is None:
        return str(outcome.verdict)
    failure = outcome.failure
    # Values are compared apart; elsewhere the words say what was wrong.
    words = ("", "") if failure.stage == "values" else (failure.expected, failure.actual)
    if failure.stage == "unchanged":
        # Which argument it was tells one mistake from another.
        return " | ".join((failure.stage, *words, failure.help))
    return re.sub(r"[-+.0-9]+", "#", " | ".join((failure.stage, *words, failure.help)))


def is_worded(symptom: str) -> bool:
    """Whether a symptom says what was wrong: more than that the code raised, or that values differ."""
    return " | " in symptom and not symptom.startswith("values ")


class KnownCall(msgspec.Struct, frozen=True, array_like=True):
    """One call of a known wrong answer in a case that it fails.

    ``signs`` are the wrong things by place: numbers, shapes, types, exceptions that right answers don't give.
    ``free`` are the places at which right answers differ, ``right`` is what they give where this one is wrong.
    """

    answer: Answer
    signs: dict[str, tuple[str, ...]]
    free: frozenset[str]
    right: dict[str, Leaf]


class KnownMistake(msgspec.Struct, frozen=True):
    """A known wrong answer: its authored words, the cases it passes, its calls in those it fails, and how they fail."""

    id: str
    title: str
    hint: str
    passed: frozenset[CaseId]
    failed: dict[str, dict[str, tuple[KnownCall, ...]]]
    symptoms: dict[str, dict[str, str]]

    def cases(self) -> Iterator[tuple[CaseId, tuple[KnownCall, ...]]]:
        """Each case that it fails, with its calls."""
        for check, cases in self.failed.items():
            for case, calls in cases.items():
                yield (check, case), calls


Known = tuple[KnownMistake, ...]


class RightAnswers:
    """What right answers give, case by case: the reference's answers, and those of right answers written otherwise."""

    def __init__(self, reference: Trace, others: Sequence[Trace], tolerance: Tolerance) -> None:
        self._traces = (reference, *others)
        self._tolerance = tolerance
        self._answers: dict[CaseId, list[tuple[Answer, ...]]] = {}
        self._free: dict[tuple[CaseId, int], frozenset[str]] = {}

    def call(self, case: CaseId, n: int, wrong: Answer, again: Sequence[Sequence[Leaf]]) -> KnownCall:
        """A wrong answer's ``n``-th call in ``case``, compared with the right ones' and with its own ``again``."""
        expected, *others = (
            answers[n].leaves if n < len(answers) and answers[n].asked == wrong.asked else None
            for answers in self._answers_of(case)
        )
        chance = frozenset(place for leaves in again for place in differences(wrong.leaves, leaves, self._tolerance))
        if expected is None:
            return KnownCall(wrong, {}, chance, {})
        alternatives = [leaves for leaves in others if leaves is not None]
        free = self._free.get((case, n))
        if free is None:
            free = frozenset(
                place for leaves in alternatives for place in differences(leaves, expected, self._tolerance)
            )
            self._free[case, n] = free
        signs = dict(_signs_of(wrong.leaves, expected, alternatives, free, self._tolerance))
        around = chance | {parent(place) for place in chance}
        shown = {place: found for place, found in signs.items() if place not in around}
        here = {leaf.place: leaf for leaf in expected if leaf.place in shown}
        return KnownCall(wrong, shown, free | chance, here)

    def _answers_of(self, case: CaseId) -> list[tuple[Answer, ...]]:
        if case not in self._answers:
            self._answers[case] = [answers_of(trace.exchanges.get(case, ())) for trace in self._traces]
        return self._answers[case]


def learn(answer: KnownAnswer, trace: Trace, right: RightAnswers, again: Sequence[Trace] = ()) -> KnownMistake:
    """What is to be kept of a wrong answer; what comes out otherwise when it is run ``again`` is chance."""
    passed, wrong = (
        frozenset(trace.ended(passed=kind)).difference(*(each.ended(passed=not kind) for each in again))
        for kind in (True, False)
    )
    failed: dict[str, dict[str, tuple[KnownCall, ...]]] = {}
    symptoms: dict[str, dict[str, str]] = {}
    for case, symptom in trace.symptoms().items():
        if case in wrong:
            others = [answers_of(each.exchanges.get(case, ())) for each in again]
            failed.setdefault(case[0], {})[case[1]] = tuple(
                right.call(case, n, call, [other[n].leaves for other in others if n < len(other)])
                for n, call in enumerate(answers_of(trace.exchanges.get(case, ())))
            )
            symptoms.setdefault(case[0], {})[case[1]] = symptom
    header = answer.header
    return KnownMistake(header.mistake, header.title, header.hint, passed, failed, symptoms)


def alike(one: KnownMistake, other: KnownMistake, tolerance: Tolerance) -> bool:
    """Whether the suite can't tell two mistakes apart: they fail the same cases, with the same answers."""
    mine, theirs = dict(one.cases()), dict(other.cases())
    return (
        one.passed == other.passed
        and mine.keys() == theirs.keys()
        and all(_same_calls(mine[case], theirs[case], tolerance) for case in mine)
    )


def _same_calls(one: Sequence[KnownCall], other: Sequence[KnownCall], tolerance: Tolerance) -> bool:
    return len(one) == len(other) and all(
        a.answer.asked == b.answer.asked and same(a.answer.leaves, b.answer.leaves, tolerance)
        for a, b in zip(one, other, strict=True)
    )


def _signs_of(
    wrong: Sequence[Leaf],
    expected: Sequence[Leaf],
    right: Sequence[Sequence[Leaf]],
    free: frozenset[str],
    tolerance: Tolerance,
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The signs of each place at which a wrong answer differs from all right ones."""
    mine, theirs, others = _by_place(wrong), _by_place(expected), [_by_place(leaves) for leaves in right]
    different = list(differences(wrong, expected, tolerance))
    certain = [place for place in different if place not in free]
    # Of many parts, those that are wrong are a sign, too; it stands at the last of them.
    telling = certain[-1] if certain and len(certain) < len(mine) >= LARGE else None
    place_sign = _where("\n".join(certain).encode("utf-8", "replace"))
    for place in different:
        if place not in mine:
            continue
        if not any(place in leaves and agree(leaves[place], mine[place], tolerance) for leaves in others):
            inside = [leaf for leaf in wrong if leaf.place.startswith(f"{place}/")]
            found = tuple(_signs(mine[place], theirs.get(place), inside, tolerance))
            # At a free place a lone number is one of many right ones; several together are a value of its own.
            if place not in free or len(found) >= MOST_SIGNS:
                yield place, found + ((place_sign,) if place == telling else ())


def _where(wrong: bytes) -> str:
    """A sign of its own for each set of wrong elements."""
    return f"at {hashlib.blake2b(wrong, digest_size=6).hexdigest()}"


def _by_place(leaves: Sequence[Leaf]) -> dict[str, Leaf]:
    return {leaf.place: leaf for leaf in leaves}


def _signs(mine: Leaf, right: Leaf | None, inside: Sequence[Leaf], tolerance: Tolerance) -> Iterator[str]:
    """What is odd about a leaf, and about those inside it, such that two unlike oddities are two signs."""
    if mine.kind.startswith("fault") or mine.kind == "raised NotImplementedError":
        return
    if mine.kind.startswith("raised"):
        # Which exception it is depends on how the code was written; but not the shapes that a library complains of.
        yield "raised"
        if mine.data:
            yield said(mine)
        return
    numbers = mine.numbers
    if right is None or right.kind != mine.kind:
        yield mine.kind
    elif numbers is not None and right.numbers is not None:
        wrong = ~close(numbers, right.numbers, tolerance)
        if wrong.size >= LARGE and not wrong.all():
            # Which elements are wrong is as typical as what they are.
            yield _where(np.packbits(wrong).tobytes())
        numbers = numbers[wrong]
    if numbers is not None:
        yield from _typical(numbers)
    elif mine.data:
        yield mine.data.decode("utf-8", "replace")
    for leaf in inside[:MOST_SIGNS]:
        parts = leaf.numbers
        yield from (leaf.data.decode("utf-8", "replace"),) if parts is None else _typical(parts)


def said(leaf: Leaf) -> str:
    """The sign that an exception's words are, if there are numbers in them."""
    return f"raised {leaf.data.decode('utf-8', 'replace')}"


def _typical(numbers: np.ndarray[Any, Any]) -> Iterator[str]:
    """A few different numbers, in words that forget the last digits."""
    seen: set[str] = set()
    several = numbers[: 16 * MOST_SIGNS].tolist()
    if numbers.dtype.kind == "b":
        # A truth value alone says little; eight in a row are like a number.
        several = [several[at : at + 8] for at in range(0, len(several), 8)]
    for number in several:
        word = f"{number:.5g}" if isinstance(number, float | complex) else str(number)
        if word not in seen:
            seen.add(word)
            yield word
        if len(seen) >= MOST_SIGNS:
            return
