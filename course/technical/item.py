"""What a technical test is made of: an item, and the frame that every generator fills."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final

import msgspec

from course.content import Level

DISTRACTORS: Final = 3
NEAR: Final = 0.01
"""Slips that come nearer to the right value than this part of it are left out."""
TRIES: Final = 500


class Choice(msgspec.Struct, frozen=True):
    """An answer on offer; ``slip`` names the mistake that leads to it and is empty for the right one."""

    text: str
    slip: str = ""


class Item(msgspec.Struct, frozen=True):
    """A question of a technical test; ``given`` and ``value`` are the drawn numbers and what is right, for tests."""

    kind: str
    tag: str
    level: Level
    stem: str
    choices: tuple[Choice, ...]
    answer: int
    explanation: str
    given: dict[str, Any]
    value: Any


@dataclass(frozen=True, slots=True)
class Draft:
    """What a generator draws: the right value, and the values that slips lead to (some may coincide)."""

    stem: str
    right: Any
    slips: Sequence[tuple[Any, str]]
    working: str
    given: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Generator:
    """One kind of item; ``show`` writes a value as it stands in a choice."""

    kind: str
    tag: str
    level: Level
    draft: Callable[[Random], Draft]
    show: Callable[[Any], str]

    def generate(self, rng: Random) -> Item:
        """An item whose every random choice is drawn from ``rng``: one right choice, three distinct slips.

        Drafts in which too many slips lead to the same text, to the right one or next to it, are drawn again.
        """
        for _ in range(TRIES):
            draft = self.draft(rng)
            right = self.show(draft.right)
            wrong: dict[str, str] = {}
            for value, slip in draft.slips:
                text = self.show(value)
                if text != right and not _close(value, draft.right):
                    wrong.setdefault(text, slip)
            if len(wrong) >= DISTRACTORS:
                break
        else:
            raise AssertionError(f"{self.kind} names too few slips")
        # The first slips are the most telling ones, so they are kept rather than drawn.
        choices = [Choice(right), *(Choice(text, slip) for text, slip in list(wrong.items())[:DISTRACTORS])]
        rng.shuffle(choices)
        return Item(
            kind=self.kind,
            tag=self.tag,
            level=self.level,
            stem=draft.stem,
            choices=tuple(choices),
            answer=[choice.slip for choice in choices].index(""),
            explanation=draft.working,
            given=draft.given,
            value=draft.right,
        )


def _close(value: Any, right: Any) -> bool:
    """Whether two shares or rates differ by less than one per cent: choosing between them would test rounding."""
    if not (isinstance(value, float) and isinstance(right, float)):
        return False
    return abs(value - right) < NEAR * max(abs(value), abs(right))


def whole(value: int) -> str:
    """An integer with separators."""
    return f"{value:,}"


def shape(value: Sequence[int]) -> str:
    """A shape as Python prints it."""
    return f"({', '.join(map(str, value))})"


def decimal(value: float) -> str:
    """Three decimals."""
    return f"{value:.3f}"
