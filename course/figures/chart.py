"""Axes for curves: data in, points on the sheet out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from course.figures.svg import GREY, MUTED, Point, Sheet


class Chart:
    """Axes from ``x`` to ``x + width`` and, upwards, from ``y + height`` to ``y``; ``log`` is for the vertical one."""

    def __init__(
        self,
        sheet: Sheet,
        box: tuple[float, float, float, float],
        across: tuple[float, float],
        up: tuple[float, float],
        log: bool = False,
    ) -> None:
        self.sheet = sheet
        self.x, self.y, self.width, self.height = box
        self._across, self._log = across, log
        self._up = (math.log10(up[0]), math.log10(up[1])) if log else up

    def point(self, across: float, up: float) -> Point:
        """Where a pair of values lies on the sheet."""
        value = math.log10(up) if self._log else up
        right = (across - self._across[0]) / (self._across[1] - self._across[0])
        high = (value - self._up[0]) / (self._up[1] - self._up[0])
        return self.x + right * self.width, self.y + (1 - high) * self.height

    def axes(
        self, across: Iterable[float], up: Iterable[tuple[float, str]], below: str, beside: str = "", size: float = 13
    ) -> None:
        """Ticks, a line across for each upper one, and what the axes are; ``beside`` stands above the vertical one."""
        bottom = self.y + self.height
        for value, name in up:
            _, y = self.point(self._across[0], value)
            self.sheet.line([(self.x, y), (self.x + self.width, y)], GREY, 1)
            self.sheet.text(self.x - 8, y, name, size, MUTED, "end")
        for value in across:
            x, _ = self.point(value, 10 ** self._up[0] if self._log else self._up[0])
            self.sheet.line([(x, bottom), (x, bottom + 4)], MUTED, 1)
            self.sheet.text(x, bottom + 15, f"{value:g}", size, MUTED)
        self.sheet.line([(self.x, self.y), (self.x, bottom), (self.x + self.width, bottom)], MUTED, 1)
        self.sheet.text(self.x + self.width / 2, bottom + 36, below, size, MUTED)
        if beside:
            self.sheet.text(self.x, self.y - 16, beside, size, MUTED, "start")

    def curve(
        self, across: Sequence[float], up: Sequence[float], stroke: str, line: float = 2.5, dash: str = ""
    ) -> None:
        """A line through the pairs of values."""
        self.sheet.line([self.point(a, b) for a, b in zip(across, up, strict=True)], stroke, line, dash)
