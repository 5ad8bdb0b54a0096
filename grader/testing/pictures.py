"""Two arrays to look at: side by side where they are small, as grey levels where they are images."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

import msgspec
import numpy as np

from grader.core.failure import Failure, Original, Picture, Table
from grader.testing.describe import is_tensor, number_words, tensor_to_numpy

WIDEST_TABLE: Final = 8
SMALLEST_PICTURE: Final = 6
LARGEST_PICTURE: Final = 32
"""Pixels a side: a larger map is reduced, since a grade is kept with its evidence."""


def look(actual: Any, expected: Any, wrong: Any) -> dict[str, Any]:
    """``table`` and ``picture`` for a :class:`~grader.core.failure.Failure`; arrays of one shape, ``wrong`` as mask.

    Of an array with more than two axes it is the slice over the last two that holds the first wrong element.
    """
    if not wrong.ndim or not wrong.any():
        return {}
    first = np.unravel_index(int(np.argmax(wrong)), wrong.shape)
    lead = tuple(int(i) for i in first[:-2])
    a, e, w = (np.atleast_2d(array[lead]) for array in (actual, expected, wrong))
    where = f"[{', '.join(map(str, lead))}]" if lead and wrong.size > w.size else ""
    found: dict[str, Any] = {}
    if w.size > 1 and max(w.shape) <= WIDEST_TABLE:
        found["table"] = _table(a, e, w, where)
    if min(w.shape) >= SMALLEST_PICTURE and a.dtype.kind in "fiub" and e.dtype.kind in "fiub":
        found["picture"] = _picture(a.astype(np.float64), e.astype(np.float64), w, where)
    return found


def beside_original(failure: Failure, arguments: Sequence[Any]) -> Failure:
    """``failure`` with an original in its picture: the same slice of the first of ``arguments``.

    That must be an array or tensor with as many axes as the answer, of which such a slice can be shown.
    """
    picture, image = failure.picture, arguments[0] if arguments else None
    if is_tensor(image):
        image = tensor_to_numpy(image)
    if picture is None or failure.first_index is None or not isinstance(image, np.ndarray):
        return failure
    lead = failure.first_index[:-2]
    if (
        image.ndim != len(failure.first_index)
        or min(image.shape[-2:]) < SMALLEST_PICTURE
        or image.dtype.kind not in "fiub"
    ):
        return failure
    if any(index >= length for index, length in zip(lead, image.shape, strict=False)):
        return failure
    shown = _reduced(image[lead].astype(np.float64), np.mean)
    finite = shown[np.isfinite(shown)]
    levels = _levels(shown, *((float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)))
    original = Original(height=levels.shape[0], width=levels.shape[1], levels=levels.tobytes())
    return msgspec.structs.replace(failure, picture=msgspec.structs.replace(picture, original=original))


def _table(a: Any, e: Any, wrong: Any, where: str) -> Table:
    def cells(array: Any, other: Any) -> tuple[tuple[str, ...], ...]:
        return tuple(
            tuple(_cell(array[i, j], other[i, j], bool(wrong[i, j])) for j in range(array.shape[1]))
            for i in range(array.shape[0])
        )

    places = tuple((int(i), int(j)) for i, j in zip(*np.nonzero(wrong), strict=True))
    return Table(target=cells(e, a), yours=cells(a, e), wrong=places, where=where)


def _cell(value: Any, other: Any, wrong: bool) -> str:
    """A few digits, or all of them where a few would not tell the two apart."""
    if value.dtype.kind != "f":
        return number_words(value)
    short = f"{value:.5g}"
    return number_words(value) if wrong and short == f"{other:.5g}" else short


def _picture(a: Any, e: Any, wrong: Any, where: str) -> Picture:
    with np.errstate(all="ignore"):
        difference = np.where(wrong, np.abs(a - e), 0.0)
    finite = np.isfinite(difference)
    largest = float(difference[finite].max(initial=0.0))
    # What is no number differs most of all.
    difference = np.where(finite, difference, largest or 1.0)
    both = np.concatenate([a[np.isfinite(a)], e[np.isfinite(e)]])
    low, high = (float(both.min()), float(both.max())) if both.size else (0.0, 0.0)
    target, yours = (_levels(_reduced(array, np.mean), low, high) for array in (e, a))
    heat = _levels(_reduced(difference, np.max), 0.0, largest or 1.0)
    height, width = heat.shape
    return Picture(
        height=height,
        width=width,
        target=target.tobytes(),
        yours=yours.tobytes(),
        difference=heat.tobytes(),
        largest=f"{largest:.4g}",
        where=where,
    )


def _levels(array: Any, low: float, high: float) -> Any:
    """``array`` as bytes, ``low`` black and ``high`` white; NaN is black."""
    span = high - low
    if not 0 < span < np.inf:
        return np.zeros(array.shape, np.uint8)
    scaled = np.clip(np.nan_to_num(array, nan=low, posinf=high, neginf=low), low, high)
    return np.round((scaled - low) / span * 255).astype(np.uint8)


def _reduced(array: Any, how: Any) -> Any:
    """At most LARGEST_PICTURE rows and columns, each the ``how`` (np.mean, np.max) of a block."""
    for axis in (0, 1):
        length = array.shape[axis]
        if length > LARGEST_PICTURE:
            cuts = np.linspace(0, length, LARGEST_PICTURE + 1).astype(int)
            blocks = [how(np.take(array, range(b, t), axis), axis=axis) for b, t in pairwise(cuts)]
            array = np.stack(blocks, axis)
    return array
