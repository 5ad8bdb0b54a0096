"""Item analysis: each check as a question put to a class. Pure functions of the class's results.

Classical test theory asks two things of a question: how many answer it (``rate``), and whether those who do are those
who do well elsewhere (``discrimination``, the point-biserial correlation; Lord and Novick 1968, chapter 15). A check's
own points are taken out of the score that it is compared with, or every check would seem to agree with itself.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

Remark = Literal["", "nobody passes", "everybody passes", "punishes the best", "says little"]

URGENCY: tuple[Remark, ...] = ("punishes the best", "nobody passes", "says little", "everybody passes", "")

FEWEST = 10
"""Students below which nothing is said about discrimination."""

ACCIDENT = 0.05
"""A discrimination below zero is no accident if fewer random classes than this one in twenty show one as low.

In a class of 24 that is about -0.35, of 60 about -0.21. A fair check's lies well above zero, so that in classes of 12
to 120 made of the course's known answers none of 8,100 is accused.
"""
DRAWS = 2_000
LARGE = 300
"""Students from which on no accident is as low as ``-LITTLE``."""

FEWEST_FOR_LITTLE = 50
LITTLE = 0.1
HARDLY_ANYBODY = 0.05
"""A share of the class too small, passing or failing, to correlate with anything."""


class Item(msgspec.Struct, frozen=True):
    """A check in a class: ``counted`` students have a verdict, ``rate`` is the share of them that passed.

    ``best`` and ``lowest`` are the rates of the quarter with the highest and the lowest score elsewhere. What can't be
    said is None: a rate of nobody, a discrimination where all did the same.
    """

    counted: int
    rate: float | None
    discrimination: float | None
    best: float | None
    lowest: float | None
    remark: Remark


def analyse(
    passed: NDArray[np.int8], points: NDArray[np.floating[Any]], scores: NDArray[np.floating[Any]]
) -> list[Item]:
    """One item for each check.

    ``passed`` and ``points`` are (students, checks): 1 for passed, 0 for not, -1 for no verdict (such as a fault of the
    grader), and what the check earned; ``scores`` (students,) are on the whole topic.
    """
    return [
        _item(passed[:, column], np.asarray(scores - points[:, column], dtype=np.float64))
        for column in range(passed.shape[1])
    ]


def point_biserial(passed: NDArray[np.bool_], scores: NDArray[np.float64]) -> float | None:
    """Pearson's correlation of yes or no with a score, both (students,); None where either is the same for all."""
    if len(passed) < 2 or passed.all() or not passed.any():
        return None
    spread = float(scores.std())
    # A score that only rounding varies is the same for all.
    if spread <= 1e-9 * max(1.0, float(np.abs(scores).max())):
        return None
    share = float(passed.mean())
    gap = float(scores[passed].mean() - scores[~passed].mean())
    return float(np.clip(gap / spread * np.sqrt(share * (1 - share)), -1.0, 1.0))


def accident(passed: NDArray[np.bool_], scores: NDArray[np.float64]) -> float:
    """How often as many students, drawn at random, score as little elsewhere as those who passed; both (students,).

    A permutation test, one-sided, of the point-biserial correlation: of a class's size and ties nothing is assumed. The
    draws are the same whenever it is asked.
    """
    ranked = np.sort(scores)
    draws = np.random.default_rng(0).permuted(np.tile(ranked, (DRAWS, 1)), axis=1)[:, : int(passed.sum())].sum(axis=1)
    found = scores[passed].sum()
    # Sums of the same numbers in another order differ by rounding.
    as_low = int(np.count_nonzero(draws <= found + 1e-9 * max(1.0, float(np.abs(scores).sum()))))
    return (1 + as_low) / (1 + DRAWS)


def _item(passed: NDArray[np.int8], elsewhere: NDArray[np.float64]) -> Item:
    known = passed >= 0
    yes, scores = passed[known] == 1, elsewhere[known]
    counted = len(yes)
    if not counted:
        return Item(0, None, None, None, None, "")
    rate = float(yes.mean())
    discrimination = point_biserial(yes, scores)
    best = lowest = None
    if discrimination is not None and counted >= 4:
        low, high = np.quantile(scores, (0.25, 0.75))
        best, lowest = float(yes[scores >= high].mean()), float(yes[scores <= low].mean())
    return Item(counted, rate, discrimination, best, lowest, _remark(yes, scores, rate, discrimination))


def _remark(
    passed: NDArray[np.bool_], scores: NDArray[np.float64], rate: float, discrimination: float | None
) -> Remark:
    counted = len(passed)
    if rate == 0:
        return "nobody passes"
    if rate == 1:
        return "everybody passes"
    if discrimination is None or counted < FEWEST:
        return ""
    if discrimination < -LITTLE and (counted >= LARGE or accident(passed, scores) <= ACCIDENT):
        return "punishes the best"
    telling = counted >= FEWEST_FOR_LITTLE and HARDLY_ANYBODY <= rate <= 1 - HARDLY_ANYBODY
    return "says little" if telling and abs(discrimination) < LITTLE else ""
