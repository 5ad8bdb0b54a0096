"""A sheet to draw on that becomes SVG: a few shapes, a title for who can't see it, and always the same bytes.

Figures stand on a light card of their own, so that they read the same on a white and on a black page. Colours are
those of Okabe and Ito, told apart by the colour-blind too; no meaning hangs on a colour alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from html import escape

import numpy as np

INK = "#1f2328"
MUTED = "#57606a"
LINE = "#8c959f"
CARD = "#fdfdfb"
GREY = "#e6e8ea"
BLUE = "#0072b2"
RED = "#c24e00"
GREEN = "#00805d"
PURPLE = "#9b4f86"
BLUE_TINT = "#cfe6f5"
RED_TINT = "#f9d9c3"
GREEN_TINT = "#c5e8dc"
YELLOW_TINT = "#fbeaa8"
PURPLE_TINT = "#efd6e6"

Point = tuple[float, float]


def number(value: float, digits: int = 2) -> str:
    """``value`` as it is written in a cell: no trailing zeros, and a minus sign that is not a hyphen."""
    text = f"{value:,.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text.replace("-", "\N{MINUS SIGN}")


class Sheet:
    """One figure, ``width`` by ``height`` pixels; what is drawn later lies on top. Texts are centred on their point."""

    def __init__(self, width: int, height: int, title: str, description: str) -> None:
        self.title = title
        self.description = description
        self._size = (width, height)
        self._shapes: list[str] = []
        self.box(0.5, 0.5, width - 1, height - 1, CARD, "#d0d4d8", corner=8)

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        fill: str = "none",
        stroke: str = "none",
        line: float = 1,
        corner: float = 0,
        dash: str = "",
    ) -> None:
        """A rectangle with its upper left corner at (x, y)."""
        rounded = f' rx="{_n(corner)}"' if corner else ""
        self._shapes.append(
            f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}"{rounded} fill="{fill}"'
            f"{_stroke(stroke, line, dash)}/>"
        )

    def dot(self, x: float, y: float, radius: float, fill: str, stroke: str = "none", line: float = 1) -> None:
        """A disc around (x, y)."""
        self._shapes.append(
            f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" fill="{fill}"{_stroke(stroke, line, "")}/>'
        )

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float = 14,
        fill: str = INK,
        anchor: str = "middle",
        bold: bool = False,
        mono: bool = False,
    ) -> None:
        """One line of text whose middle is at height y; anchor is start, middle or end."""
        extra = (' font-weight="bold"' if bold else "") + (' font-family="monospace"' if mono else "")
        self._shapes.append(
            f'<text x="{_n(x)}" y="{_n(y + 0.35 * size)}" font-size="{_n(size)}" fill="{fill}" text-anchor="{anchor}"'
            f"{extra}>{escape(text, quote=False)}</text>"
        )

    def line(
        self, points: Iterable[Point], stroke: str = INK, line: float = 1.5, dash: str = "", arrow: bool = False
    ) -> None:
        """A line through ``points``; with an arrow its head ends at the last one."""
        through = list(points)
        if arrow:
            through[-1] = self._head(through[-2], through[-1], stroke, 4 + 2 * line)
        where = " ".join(f"{_n(x)},{_n(y)}" for x, y in through)
        self._shapes.append(f'<polyline points="{where}" fill="none"{_stroke(stroke, line, dash)}/>')

    def area(self, points: Iterable[Point], fill: str) -> None:
        """A filled polygon."""
        where = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
        self._shapes.append(f'<polygon points="{where}" fill="{fill}"/>')

    def cells(
        self,
        x: float,
        y: float,
        values: Sequence[Sequence[object]] | np.ndarray,
        cell: float = 34,
        fill: Callable[[int, int], str] | str = "#ffffff",
        size: float = 15,
    ) -> None:
        """A table of square cells; a number is written as :func:`number` does it, a string as it is."""
        for i, row in enumerate(values):
            for j, value in enumerate(row):
                colour = fill if isinstance(fill, str) else fill(i, j)
                self.box(x + j * cell, y + i * cell, cell, cell, colour, LINE)
                text = value if isinstance(value, str) else number(float(value))
                if text:
                    self.text(x + (j + 0.5) * cell, y + (i + 0.5) * cell, text, size)

    def picture(self, x: float, y: float, pixels: np.ndarray, pixel: float) -> None:
        """An image, (3, H, W) or (H, W), in [0, 1]: a path for each colour, so that no viewer blurs or blocks it."""
        levels = np.rint(np.clip(np.broadcast_to(pixels, (3, *pixels.shape[-2:])), 0, 1) * 255).astype(int)
        runs: dict[str, list[str]] = {}
        _, height, width = levels.shape
        for i in range(height):
            start = 0
            for j in range(1, width + 1):
                if j == width or (levels[:, i, j] != levels[:, i, start]).any():
                    red, green, blue = levels[:, i, start]
                    runs.setdefault(f"#{red:02x}{green:02x}{blue:02x}", []).append(
                        f"M{start} {i}h{j - start}v1H{start}z"
                    )
                    start = j
        paths = "".join(f'<path fill="{colour}" d="{"".join(run)}"/>' for colour, run in runs.items())
        self._shapes.append(
            f'<g transform="translate({_n(x)} {_n(y)}) scale({_n(pixel)})" shape-rendering="crispEdges">{paths}</g>'
        )
        self.box(x, y, width * pixel, height * pixel, "none", LINE)

    def render(self) -> str:
        """The whole file."""
        width, height = self._size
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
            ' role="img" aria-labelledby="title desc" font-family="system-ui, Segoe UI, Helvetica, Arial, sans-serif">'
        )
        names = (
            f'<title id="title">{escape(self.title, quote=False)}</title>',
            f'<desc id="desc">{escape(self.description, quote=False)}</desc>',
        )
        return "\n".join([head, *names, *self._shapes, "</svg>"]) + "\n"

    def _head(self, start: Point, tip: Point, fill: str, length: float) -> Point:
        """Draw an arrow's head; returns where its line has to end."""
        angle = math.atan2(tip[1] - start[1], tip[0] - start[0])
        back = (tip[0] - length * math.cos(angle), tip[1] - length * math.sin(angle))
        side = (-0.45 * length * math.sin(angle), 0.45 * length * math.cos(angle))
        self.area([tip, (back[0] + side[0], back[1] + side[1]), (back[0] - side[0], back[1] - side[1])], fill)
        return back


def _n(value: float) -> str:
    """A coordinate with two decimals at most: what is below them may differ from machine to machine."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _stroke(stroke: str, line: float, dash: str) -> str:
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return "" if stroke == "none" else f' stroke="{stroke}" stroke-width="{_n(line)}"{dashes}'
