"""Fingerprints of a token stream by winnowing (Schleimer, Wilkerson and Aiken, SIGMOD 2003).

Every run of GRAM tokens is hashed, and of each WINDOW neighbouring hashes the smallest is kept. Two texts that share
GRAM + WINDOW - 1 tokens in a row share a fingerprint, wherever the run stands; what is shorter than GRAM is never one.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from grader.core.lexer import Token

GRAM: Final = 10
"""Tokens in a row: about a line. ``for name in range ( name . shape [ 0 ] ) :`` alone is no sign of anything."""

WINDOW: Final = 6

Hashes = NDArray[np.uint64]

_BASE: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX: Final = np.uint64(0xD6E8FEB86659FD93)


def grams(tokens: Sequence[Token]) -> Hashes:
    """The hash of every GRAM tokens in a row, (tokens - GRAM + 1,); the same in every process and on every host."""
    if len(tokens) < GRAM:
        return np.empty(0, dtype=np.uint64)
    known: dict[str, int] = {}
    for token in tokens:
        if token.text not in known:
            known[token.text] = zlib.crc32(token.text.encode("utf-8", "surrogatepass"))
    values = np.array([known[token.text] for token in tokens], dtype=np.uint64)
    count = len(values) - GRAM + 1
    hashes = np.zeros(count, dtype=np.uint64)
    for offset in range(GRAM):
        hashes = hashes * _BASE + values[offset : offset + count]
    # Neighbours differ in few bits so far: mixed, the smallest of a window is any of them.
    hashes ^= hashes >> np.uint64(29)
    hashes *= _MIX
    hashes ^= hashes >> np.uint64(32)
    return hashes


def winnow(hashes: Hashes) -> Hashes:
    """The fingerprints of a stream, each once: the smallest hash of every WINDOW in a row."""
    if len(hashes) <= WINDOW:
        return np.unique(hashes.min(keepdims=True)) if len(hashes) else hashes
    return np.unique(np.lib.stride_tricks.sliding_window_view(hashes, WINDOW).min(axis=1))
