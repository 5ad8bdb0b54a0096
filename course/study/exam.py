"""Technical tests: which items, how long, and how well; a pure function each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from random import Random
from typing import Final

import msgspec

from course.content import LEVELS, Level
from course.study.errors import StudyError
from course.technical import GENERATORS, Item

SECONDS: Final[dict[Level, int]] = {"junior": 60, "mid": 90, "senior": 120}
"""What an item of each level is given."""


class Exam(msgspec.Struct, frozen=True):
    """A drawn test; ``seconds`` is its time limit."""

    seed: int
    items: tuple[Item, ...]
    seconds: int


class Answer(msgspec.Struct, frozen=True):
    """What was chosen, None for nothing, and how many seconds after the start."""

    choice: int | None
    at: float


class TagScore(msgspec.Struct, frozen=True):
    """Right answers of a tag's items."""

    right: int
    asked: int


class ExamScore(msgspec.Struct, frozen=True):
    """The result: in all, by tag, and the slips behind the wrong answers, by item number from 0."""

    right: int
    asked: int
    tags: dict[str, TagScore]
    slips: dict[int, str]


def draw(seed: int, count: int, levels: Collection[Level] = LEVELS, tags: Collection[str] = ()) -> Exam:
    """A test of ``count`` items; a kind comes again only when all have come. StudyError if no kind fits."""
    if count < 1:
        raise StudyError("a test needs at least one item: ask for 1 or more")
    kinds = [kind for kind in GENERATORS if kind.level in levels and (not tags or kind.tag in tags)]
    if not kinds:
        known = ", ".join(sorted({kind.tag for kind in GENERATORS if kind.level in levels}))
        raise StudyError(f"no item is of these levels and tags; at these levels there are: {known}")
    rng = Random(seed)
    items: list[Item] = []
    while len(items) < count:
        for kind in rng.sample(kinds, len(kinds)):
            items.append(kind.generate(rng))
    # Easy ones first, as in a good paper test: nobody should fail to reach them.
    chosen = tuple(sorted(items[:count], key=lambda item: LEVELS.index(item.level)))
    return Exam(seed, chosen, sum(SECONDS[item.level] for item in chosen))


def score(exam: Exam, answers: Sequence[Answer]) -> ExamScore:
    """Points: an answer counts if it is right and was given in time; missing answers are wrong."""
    tags: dict[str, TagScore] = {}
    slips: dict[int, str] = {}
    total = 0
    for number, item in enumerate(exam.items):
        answer = answers[number] if number < len(answers) else Answer(None, 0.0)
        right = answer.choice == item.answer and answer.at <= exam.seconds
        before = tags.get(item.tag, TagScore(0, 0))
        tags[item.tag] = TagScore(before.right + right, before.asked + 1)
        total += right
        if not right:
            slips[number] = _reason(item, answer, exam.seconds)
    return ExamScore(total, len(exam.items), tags, slips)


def _reason(item: Item, answer: Answer, seconds: int) -> str:
    if answer.choice is None:
        return "not answered"
    if answer.at > seconds:
        return "after the time was up"
    return item.choices[answer.choice].slip
