"""What is kept of the known wrong answers: of each case that one fails, what it answered and what is odd about that.

A place where right answers differ among themselves is free: a cache of any form, names of layers, a random draw. There
another value is nobody's mistake, and only the very same one says something.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec
import numpy as np

from grader.core.answer import KnownAnswer
from grader.core.grade import Outcome
from grader.core.topic import Tolerance
from grader.core.verdict import Verdict
from grader.diagnosis.answers import Answer, Exchange, Leaf, agree, answers_of, close, differences

CaseId = tuple[str, str]
"""A check's id, and the case's within it."""

MOST_SIGNS: Final = 4
"""How many signs one leaf may give: a large array is not more typical than two small ones."""


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


class KnownCall(msgspec.Struct, frozen=True, array_like=True):
    """One call of a known wrong answer in a case that it fails.

    ``signs`` are the wrong things by place: numbers, shapes, types, exceptions that right answers don't give.
    ``free`` are the places at which right answers differ.
    """

    answer: Answer
    signs: dict[str, tuple[str, ...]]
    free: frozenset[str]


class KnownMistake(msgspec.Struct, frozen=True):
    """A known wrong answer: its authored words, the cases it passes, and its calls in those it fails."""

    id: str
    title: str
    hint: str
    passed: frozenset[CaseId]
    failed: dict[str, dict[str, tuple[KnownCall, ...]]]

    def cases(self) -> Iterator[tuple[CaseId, tuple[KnownCall, ...]]]:
        """Each case that it fails, with its calls."""
        for check, cases in self.failed.items():
            for case, calls in cases.items():
                yield (check, case), calls


Known = tuple[KnownMistake, ...]


def learn(
    answer: KnownAnswer, trace: Trace, reference: Trace, right: Sequence[Trace], tolerance: Tolerance
) -> KnownMistake:
    """What is to be kept of a wrong answer; ``reference`` and ``right`` hold the exchanges of every case."""
    failed: dict[str, dict[str, tuple[KnownCall, ...]]] = {}
    for case in trace.ended(passed=False):
        mine = answers_of(trace.exchanges.get(case, ()))
        expected = answers_of(reference.exchanges.get(case, ()))
        others = [answers_of(each.exchanges.get(case, ())) for each in right]
        calls = tuple(_call(answer, n, expected, others, tolerance) for n, answer in enumerate(mine))
        failed.setdefault(case[0], {})[case[1]] = calls
    header = answer.header
    return KnownMistake(header.mistake, header.title, header.hint, frozenset(trace.ended(passed=True)), failed)


def _call(
    answer: Answer, n: int, expected: Sequence[Answer], others: Sequence[Sequence[Answer]], tolerance: Tolerance
) -> KnownCall:
    """Compare with the same call of the reference and of the right answers, where they made it."""
    if n >= len(expected) or expected[n].asked != answer.asked:
        return KnownCall(answer, {}, frozenset())
    target = expected[n].leaves
    same = [each[n].leaves for each in others if n < len(each) and each[n].asked == answer.asked]
    free = {place for leaves in same for place in differences(leaves, target, tolerance)}
    signs: dict[str, tuple[str, ...]] = {}
    mine, theirs = _by_place(answer.leaves), _by_place(target)
    for place in differences(answer.leaves, target, tolerance):
        if place not in mine:
            signs[place] = ("nothing",)
        elif not any(place in right and agree(right[place], mine[place], tolerance) for right in map(_by_place, same)):
            found = tuple(_signs(mine[place], theirs.get(place), tolerance))
            # At a free place a lone number is one of many right ones; several together are a value of its own.
            if place not in free or len(found) >= MOST_SIGNS:
                signs[place] = found
    return KnownCall(answer, signs, frozenset(free))


def _by_place(leaves: Sequence[Leaf]) -> dict[str, Leaf]:
    return {leaf.place: leaf for leaf in leaves}


def _signs(mine: Leaf, right: Leaf | None, tolerance: Tolerance) -> Iterator[str]:
    """What is odd about a leaf, such that two unlike oddities are two signs."""
    if mine.kind.startswith("fault") or mine.kind == "raised NotImplementedError":
        return
    numbers = mine.numbers
    if right is None or right.kind != mine.kind:
        yield mine.kind if numbers is None else _without_data(mine.kind)
    elif numbers is not None and right.numbers is not None:
        numbers = numbers[~close(numbers, right.numbers, tolerance)]
    if numbers is None:
        yield mine.data.decode("utf-8", "replace")
    else:
        yield from _typical(numbers)


def _without_data(kind: str) -> str:
    return kind.partition(" ")[2]


def _typical(numbers: np.ndarray[Any, Any]) -> Iterator[str]:
    """A few different numbers, in words that forget the last digits."""
    seen: set[str] = set()
    for number in numbers[: 16 * MOST_SIGNS].tolist():
        word = f"{number:.5g}" if isinstance(number, float | complex) else str(number)
        if word not in seen:
            seen.add(word)
            yield word
        if len(seen) >= MOST_SIGNS:
            return
