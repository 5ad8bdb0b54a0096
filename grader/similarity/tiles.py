"""Where two texts agree: the passages of a pair, and the lines that they lie on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec
import numpy as np

from grader.core.lexer import Token
from grader.similarity.fingerprints import GRAM, Hashes, grams

MOST_PLACES: Final = 16
"""Places at which one run of tokens is looked for; a file may hold nothing else."""


class Tile(msgspec.Struct, frozen=True):
    """A run of ``length`` equal tokens, from token ``left`` of one text and ``right`` of the other."""

    left: int
    right: int
    length: int


def tiles(left: Sequence[Token], right: Sequence[Token], given: Hashes) -> list[Tile]:
    """Passages of GRAM tokens and more that both texts hold and that were not ``given``, in the order of the left.

    Each token lies in one passage at most; from the left on, the longest that is still free is taken.
    """
    ours, theirs = grams(left), grams(right)
    own = ~np.isin(ours, given)
    places: dict[int, list[int]] = {}
    for place, value in enumerate(theirs.tolist()):
        if len(found := places.setdefault(value, [])) < MOST_PLACES:
            found.append(place)
    taken = bytearray(len(right))
    result = []
    at = 0
    values = ours.tolist()
    while at < len(values):
        best = Tile(at, 0, 0)
        for place in places.get(values[at], ()) if own[at] else ():
            length = _length(left, right, at, place, taken)
            if length > best.length:
                best = Tile(at, place, length)
        if best.length < GRAM:
            at += 1
            continue
        taken[best.right : best.right + best.length] = b"\x01" * best.length
        result.append(best)
        at += best.length
    return result


def marked_lines(tokens: Sequence[Token], runs: Sequence[tuple[int, int]]) -> dict[int, int]:
    """For each line of which half or more lies in a run (start, length), the number of the run that covers most."""
    cover: dict[int, dict[int, int]] = {}
    sizes: dict[int, int] = {}
    for token in tokens:
        sizes[token.line] = sizes.get(token.line, 0) + 1
    for number, (start, length) in enumerate(runs):
        for token in tokens[start : start + length]:
            line = cover.setdefault(token.line, {})
            line[number] = line.get(number, 0) + 1
    return {
        line: max(numbers, key=lambda number: numbers[number])
        for line, numbers in sorted(cover.items())
        if 2 * sum(numbers.values()) >= sizes[line]
    }


def _length(left: Sequence[Token], right: Sequence[Token], at: int, place: int, taken: bytearray) -> int:
    length = 0
    for ours, theirs in zip(range(at, len(left)), range(place, len(right)), strict=False):
        if taken[theirs] or left[ours].text != right[theirs].text:
            break
        length += 1
    return length
