"""Pairs of submissions side by side, the lines that they share marked: one page without a script."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from grader.report import plain
from grader.report.html import template

MOST_LINES = 600
LONGEST_LINE = 200
TINTS = 6
"""Colours that passages take in turn."""


class Side(msgspec.Struct, frozen=True):
    """One text of a pair: whose it is, and for each line that is shared the number of the passage, from 0."""

    name: str
    file: str
    origin: str
    text: str
    marked: dict[int, int]


class PairShown(msgspec.Struct, frozen=True):
    """A pair with its score in [0, 1]."""

    score: float
    left: Side
    right: Side


class Searched(msgspec.Struct, frozen=True):
    """What was compared with what; ``usual`` is the score that a submission of this class typically reaches."""

    topic: str
    submissions: int
    earlier: int
    known: int
    unread: int
    usual: float


def similar_html(searched: Searched, pairs: Sequence[PairShown]) -> str:
    """The page. It shows what students wrote, escaped; it accuses nobody."""
    return template("similar.html").render(
        searched=searched,
        pairs=[(pair, [(side, _lines(side)) for side in (pair.left, pair.right)]) for pair in pairs],
        origins={"class": "", "earlier": "an earlier year", "known": "known answer"},
    )


def _lines(side: Side) -> list[tuple[int, str, str]]:
    """Number, text and class of each line, up to what a reader can take in."""
    shown = []
    for number, content in enumerate(side.text.split("\n")[:MOST_LINES], start=1):
        passage = side.marked.get(number)
        text = plain.text(content[:LONGEST_LINE].rstrip()).expandtabs(4)
        shown.append((number, text, "" if passage is None else f"p{passage % TINTS}"))
    return shown
