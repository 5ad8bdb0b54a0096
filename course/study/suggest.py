"""Which key points a written answer seems to cover: a suggestion to tick or untick, never a grade.

It compares words, not meanings: a point is suggested if at least half of its telling words occur in the answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

ENOUGH: Final = 0.5
_WORD: Final = re.compile(r"[a-zA-Z]{3,}|\d+(?:[.,]\d+)*")
_FILLERS: Final = frozenset(
    "and are about all any both but can each for from has have her him his into its just may more most must need not "
    "off one only other out over own per same she some such than that the their them then there these they this those "
    "too two under was were what when where which while who why will with without you your".split()
)
_ENDINGS: Final = ("ations", "ation", "ities", "ness", "ing", "ies", "ity", "ed", "es", "ly", "s", "e")


def covered(answer: str, key_points: Sequence[str]) -> tuple[bool, ...]:
    """For each key point, whether the answer seems to cover it."""
    said = _stems(answer)
    return tuple(bool(told := _stems(point)) and len(told & said) >= ENOUGH * len(told) for point in key_points)


def _stems(text: str) -> frozenset[str]:
    words = (word.lower().replace(",", "") for word in _WORD.findall(text))
    return frozenset(_stem(word) for word in words if word not in _FILLERS)


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word
