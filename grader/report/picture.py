"""A failure's table as lines of text, and its picture as PNG images in an HTML fragment."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Iterator

from grader.core.failure import Picture, Table
from grader.report import plain

PIXELS = 144
"""How wide a panel is shown, in CSS pixels."""


def table_lines(table: Table) -> Iterator[str]:
    """Target and yours side by side, each line beginning with two spaces; what differs stands in brackets."""
    wrong = set(table.wrong)
    yours = [
        [f"[{plain.line(cell)}]" if (i, j) in wrong else f" {plain.line(cell)} " for j, cell in enumerate(row)]
        for i, row in enumerate(table.yours)
    ]
    target = [[f" {plain.line(cell)} " for cell in row] for row in table.target]
    widths = [max(map(len, column)) for column in zip(*target, *yours, strict=True)]
    left, right = ([_row(row, widths) for row in side] for side in (target, yours))
    heading = f"expected, at {table.where}" if table.where else "expected"
    room = max(len(heading), *map(len, left))
    yield f"  {heading:{room}}   yours"
    yield from (f"  {mine:{room}}   {theirs}" for mine, theirs in zip(left, right, strict=True))


def picture_html(picture: Picture) -> str:
    """Panels (original where there is one, target, yours, difference) that load nothing.

    Empty if the numbers can't be a picture.
    """
    size = picture.height, picture.width
    panels = {"expected": picture.target, "yours": picture.yours, "difference": picture.difference}
    shown = {name: (*size, levels) for name, levels in panels.items()}
    if picture.original is not None:
        shown = {"given": (picture.original.height, picture.original.width, picture.original.levels), **shown}
    if any(height * width <= 0 or len(levels) != height * width for height, width, levels in shown.values()):
        return ""
    largest = f"white is {plain.line(picture.largest, 20)}, the largest difference"
    where = f", at {plain.line(picture.where, 60)}" if picture.where else ""
    figures = []
    for name, (height, width, levels) in shown.items():
        words = f"{name}{where}" if name != "difference" else f"difference: {largest}"
        source = base64.b64encode(_png(levels, height, width)).decode()
        style = f"width:{PIXELS}px;image-rendering:pixelated;border:1px solid #8888;display:block"
        image = f'<img alt="{_escaped(words)}" src="data:image/png;base64,{source}" style="{style}">'
        figures.append(f'<figure style="margin:0">{image}<figcaption>{_escaped(words)}</figcaption></figure>')
    panels_style = f"display:flex;flex-wrap:wrap;gap:12px;font-size:.85em;max-width:{(len(shown) + 1) * PIXELS}px"
    return f'<div class="pictures" style="{panels_style}">{"".join(figures)}</div>'


def _row(cells: list[str], widths: list[int]) -> str:
    return " ".join(f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def _png(levels: bytes, height: int, width: int) -> bytes:
    """Grey levels as a PNG: 8 bits, no filter (W3C PNG specification, sections 5 and 11)."""
    rows = b"".join(b"\0" + levels[i * width : (i + 1) * width] for i in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
