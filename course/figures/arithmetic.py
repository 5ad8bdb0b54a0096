"""Sizes along one axis: windows and what they leave over, and the receptive field of a stack."""

from __future__ import annotations

from course.figures.reference import reference
from course.figures.svg import BLUE, BLUE_TINT, GREY, INK, LINE, MUTED, RED, RED_TINT, YELLOW_TINT, Sheet


def output_size() -> Sheet:
    """The windows of two lesson examples: one leaves a cell over, one has gaps between its taps."""
    sheet = Sheet(
        720,
        380,
        "Padding, windows and the cell left over",
        "Along one axis: eight cells with one cell of padding on either side hold four windows of three cells, two "
        "apart, and the last cell is left over. Seven cells hold three windows whose taps lie two apart.",
    )
    _windows(sheet, 30, n=8, k=3, s=2, p=1, d=1)
    sheet.line([(24, 212), (696, 212)], GREY, 1.5)
    _windows(sheet, 236, n=7, k=3, s=1, p=0, d=2)
    return sheet


def _windows(sheet: Sheet, top: float, n: int, k: int, s: int, p: int, d: int) -> None:
    size = reference("conv_arithmetic").conv_out(n, k, s, p, d)
    cell, left, extent = 36, 30, d * (k - 1) + 1
    last = (size - 1) * s + extent
    for c in range(n + 2 * p):
        padded = not p <= c < n + p
        fill = RED_TINT if c >= last else GREY if padded else "#ffffff"
        sheet.box(left + c * cell, top, cell, cell, fill, LINE)
        sheet.text(left + (c + 0.5) * cell, top + cell / 2, "pad" if padded else str(c - p), 12 if padded else 15)
    if last < n + 2 * p:
        sheet.text(left + (n + 2 * p) * cell - 6, top + cell + 14, "left over", 13, RED, "end", bold=True)
    for window in range(size):
        y = top + cell + 22 + window * 26
        start, end = left + window * s * cell, left + (window * s + extent) * cell
        sheet.line([(start + 4, y), (end - 4, y)], BLUE, 2)
        for tap in range(k):
            sheet.dot(start + (tap * d + 0.5) * cell, y, 7, BLUE_TINT, BLUE, 2)
        sheet.text(end + 8, y, f"window {window}", 12, MUTED, "start")
    x = 448
    sheet.text(x, top + 14, f"n={n}, k={k}, s={s}, p={p}, d={d}", 14, anchor="start", bold=True)
    sheet.text(x, top + 44, f"padded: {n} + 2·{p} = {n + 2 * p} cells", 13, anchor="start")
    sheet.text(x, top + 68, f"a window covers {d}·({k} \N{MINUS SIGN} 1) + 1 = {extent}", 13, anchor="start")
    room = n + 2 * p - extent
    sheet.text(x, top + 92, f"room to move: {n + 2 * p} \N{MINUS SIGN} {extent} = {room}", 13, anchor="start")
    sheet.text(x, top + 116, f"⌊{room} / {s}⌋ + 1 = {size} outputs", 15, BLUE, "start", bold=True)


def receptive_field() -> Sheet:
    """What one output of three stacked 3×3 layers sees, beside a stack whose first layer has stride 2."""
    sheet = Sheet(
        720,
        330,
        "The receptive field grows with every layer",
        "One output of a stack of three-tap layers and the input cells it depends on: three layers of stride 1 see 7 "
        "cells; with stride 2 in the first layer, two layers see 7 already.",
    )
    _cone(sheet, 165, [(3, 1, 1)] * 3)
    _cone(sheet, 525, [(3, 2, 1), (3, 1, 1)])
    sheet.line([(356, 30), (356, 300)], GREY, 1.5)
    return sheet


def _cone(sheet: Sheet, middle: float, layers: list[tuple[int, int, int]]) -> None:
    field = reference("conv_arithmetic").receptive_field
    step, top, gap = 31.0, 76.0, 62.0
    depth = len(layers)
    # Outputs of each layer that the one at the top depends on, in input cells from the field's middle.
    rows = [[0.0]]
    for layer in range(depth - 1, -1, -1):
        k, _, d = layers[layer]
        jump = field(layers[:layer])[1]
        taps = [d * jump * (tap - (k - 1) / 2) for tap in range(k)]
        rows.append(sorted({place + tap for place in rows[-1] for tap in taps}))
    strides = " then ".join(str(s) for s in dict.fromkeys(s for _, s, _ in layers))
    sheet.text(middle, 24, f"{depth} layers of 3×3, stride {strides}", 15, bold=True)
    for row, places in enumerate(rows):
        y = top + row * gap
        if row:
            k, _, d = layers[depth - row]
            jump = field(layers[: depth - row])[1]
            for above in rows[row - 1]:
                for place in places:
                    if abs(place - above) <= d * jump * (k - 1) / 2:
                        sheet.line([(middle + above * step, y - gap + 10), (middle + place * step, y - 10)], LINE, 1)
        for place in places:
            sheet.box(middle + place * step - 13, y - 13, 26, 26, YELLOW_TINT if row == 0 else BLUE_TINT, INK, 1)
        name = "one output" if row == 0 else f"{len(places)} of layer {depth - row}"
        side = middle + (rows[row][-1] * step) + 20
        if row < depth:
            sheet.text(side, y, name, 13, MUTED, "start")
        else:
            rf, jump = field(layers)
            sheet.text(middle, y + 32, f"{rf} input cells: rf = {rf}, jump = {jump}", 14, BLUE, bold=True)
