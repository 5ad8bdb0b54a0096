"""The line of a submission that shows a named mistake, for the class report.

Lines are compared without names and layout. A known wrong answer's own lines are those of no other known answer, right
or wrong; the submission's line that is most like one of them is the one. A mistake that leaves something out has no
line.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Final

from grader.core.lexer import normal_lines

ALIKE: Final = 0.75
"""How alike two lines must be, of 1, as difflib compares their tokens."""

MOST_LINES: Final = 1_000
LONGEST: Final = 300


def telling_line(text: str, wrong: str, others: Collection[str]) -> str:
    """The line of ``text`` that looks most like what ``wrong`` does and none of ``others`` does; empty if none does."""
    usual = frozenset().union(*map(_lines, others))
    own = [line.split() for line in sorted(_lines(wrong) - usual)]
    best, chosen = ALIKE, 0
    for number, line in list(normal_lines(text).items())[:MOST_LINES]:
        if line in usual or len(line) > LONGEST:
            continue
        alike = max((_alike(line.split(), other) for other in own), default=0.0)
        if alike > best:
            best, chosen = alike, number
    return text.split("\n")[chosen - 1].strip() if chosen else ""


@lru_cache(maxsize=512)
def _lines(answer: str) -> frozenset[str]:
    """The lines of a known answer, which is asked for again with every submission."""
    return frozenset(normal_lines(answer).values())


def _alike(one: Sequence[str], other: Sequence[str]) -> float:
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()
