"""How a check failed, as fields and not as one string, so that every renderer says the same."""

from __future__ import annotations

from typing import Literal

import msgspec

Stage = Literal["callable", "type", "dtype", "shape", "finite", "values", "unchanged", "raises", "truth"]

STAGES: tuple[Stage, ...] = (
    "callable",
    "type",
    "dtype",
    "shape",
    "finite",
    "values",
    "unchanged",
    "raises",
    "truth",
)


class Table(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A small array or a slice of one, target beside yours, cell by cell in words.

    ``wrong`` are (row, column) of the cells that differ; ``where`` says which slice of a larger array it is.
    """

    target: tuple[tuple[str, ...], ...]
    yours: tuple[tuple[str, ...], ...]
    wrong: tuple[tuple[int, int], ...]
    where: str = ""


class Original(msgspec.Struct, frozen=True, kw_only=True):
    """What a picture was made from, in grey levels of a scale of its own, one byte a pixel, row by row."""

    height: int
    width: int
    levels: bytes


class Picture(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An image or a feature map in grey levels, one byte a pixel, row by row: target, yours and their difference.

    Target and yours share one scale; in ``difference`` 255 is ``largest``, and a pixel is the worst of those it
    stands for. ``where`` says which slice of a larger array it is. ``original`` is the same slice of the image that the
    function was called with, where it was called with one.
    """

    height: int
    width: int
    target: bytes
    yours: bytes
    difference: bytes
    largest: str
    where: str = ""
    original: Original | None = None


class Failure(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One failed comparison.

    ``call`` is the call in words (shapes and dtypes, never contents of large arrays). ``axis`` is the first axis
    whose length differs; ``first_index`` the first differing element in row-major order, with both numbers;
    ``share_wrong`` the share of differing elements in [0, 1]. ``table`` and ``picture`` are there where values differ
    and the arrays are small enough, or large enough, to be looked at.
    """

    stage: Stage
    expected: str
    actual: str
    call: str = ""
    axis: int | None = None
    first_index: tuple[int, ...] | None = None
    expected_at: str = ""
    actual_at: str = ""
    share_wrong: float | None = None
    help: str = ""
    table: Table | None = None
    picture: Picture | None = None

    def sentence(self) -> str:
        """Everything but ``help``, table and picture, in one sentence."""
        subject = f"{self.call}: " if self.call else ""
        noun = {"shape": "shape ", "dtype": "dtype "}.get(self.stage, "")
        text = f"{subject}expected {noun}{self.expected}, not {self.actual}"
        if self.axis is not None:
            text += f" (axis {self.axis} differs)"
        if self.first_index is not None:
            where = ", ".join(str(i) for i in self.first_index)
            text += f"; first at [{where}]: expected {self.expected_at}, not {self.actual_at}"
        if self.share_wrong is not None:
            text += f"; {_share_words(self.share_wrong)} of the elements differ"
        return text


def _share_words(share: float) -> str:
    # One wrong element is not 0 %, and one right one leaves no 100 %.
    if 0 < share < 0.01:
        return "less than 1%"
    if 0.99 < share < 1:
        return "more than 99%"
    return f"{share:.0%}"
