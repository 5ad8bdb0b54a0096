"""Who stands out: a score far from what a student usually earns, a run far slower than the class's. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

FAR = 0.5
"""A share of the points: so far from what was to be expected is worth a look."""

FEWEST_TOPICS = 3
TIMES_SLOWER = 5.0
LEAST_SECONDS = 0.5
"""A run that is slower than others by less than this is slow by accident of the host."""


class Surprise(msgspec.Struct, frozen=True):
    """A student's share of a topic's points, and the share to be expected of this student on this topic."""

    student: int
    topic: int
    share: float
    expected: float


def surprises(shares: NDArray[np.float64], most: int = 100) -> list[Surprise]:
    """The scores farthest from expectation, farthest first; ``shares`` is (students, topics), NaN for none handed in.

    Expected is the student's mean on the other topics, moved by how much easier or harder than those the class found
    this one. Nothing is said of students with fewer than three topics.
    """
    there = ~np.isnan(shares)
    if shares.shape[1] < FEWEST_TOPICS or not there.any():
        return []
    values = np.where(there, shares, 0.0)
    per_topic = values.sum(axis=0) / np.maximum(there.sum(axis=0), 1)
    ease = np.where(there, per_topic, 0.0)
    others = there.sum(axis=1, keepdims=True) - there
    usual = (values.sum(axis=1, keepdims=True) - values) / np.maximum(others, 1)
    usual_ease = (ease.sum(axis=1, keepdims=True) - ease) / np.maximum(others, 1)
    expected = np.clip(usual + per_topic - usual_ease, 0.0, 1.0)
    gap = np.where(there & (others >= FEWEST_TOPICS - 1), np.abs(shares - expected), 0.0)
    rows, columns = np.nonzero(np.nan_to_num(gap) >= FAR)
    order = np.argsort(-gap[rows, columns], kind="stable")[:most]
    return [
        Surprise(int(row), int(column), float(shares[row, column]), float(expected[row, column]))
        for row, column in zip(rows[order], columns[order], strict=True)
    ]


def slow(seconds: Sequence[float], most: int = 100) -> list[int]:
    """Which of ``seconds`` are more than five times the median and half a second above it, slowest first."""
    if not seconds:
        return []
    times = np.asarray(seconds, dtype=np.float64)
    middle = float(np.median(times))
    found = np.flatnonzero((times > TIMES_SLOWER * middle) & (times > middle + LEAST_SECONDS))
    return [int(index) for index in found[np.argsort(-times[found], kind="stable")][:most]]
