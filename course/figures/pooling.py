"""Pooling: what a window keeps, where the last one lies, and where gradients go."""

from __future__ import annotations

import numpy as np

from course.figures.reference import reference
from course.figures.svg import (
    BLUE,
    BLUE_TINT,
    GREEN,
    GREEN_TINT,
    GREY,
    MUTED,
    PURPLE,
    PURPLE_TINT,
    RED,
    RED_TINT,
    YELLOW_TINT,
    Sheet,
    number,
)

COLOURS = ((BLUE, BLUE_TINT), (RED, RED_TINT), (GREEN, GREEN_TINT), (PURPLE, PURPLE_TINT))
SIDE_BY_SIDE = np.array([[1.0, 2, 5, 3], [4, 0, 1, 2], [7, 1, 0, 6], [2, 3, 8, 1]])
OVERLAPPING = np.array([[1.0, 7, 2, 6], [3, 4, 9, 0], [8, 2, 5, 1]])


def windows() -> Sheet:
    """The lesson's image under a maximum and under a mean, and the last window of an axis in both modes."""
    module = reference("pooling")
    sheet = Sheet(
        720,
        460,
        "Maximum, mean, and the last window",
        "Above, four 2×2 windows: the maximum keeps the strongest cell of each, the mean averages it. Below, one axis: "
        "with ceil_mode a last window may overhang the end, if it starts inside the image or the padding before it.",
    )
    image = SIDE_BY_SIDE[None, None]
    largest = module.max_pool2d(image, 2)[0, 0]
    mean = module.avg_pool2d(image, 2)[0, 0]
    sheet.text(122, 24, "image, kernel 2, stride 2", 14, MUTED)
    sheet.cells(42, 42, SIDE_BY_SIDE, 40, lambda i, j: COLOURS[i // 2 * 2 + j // 2][1], size=17)
    for place, (dark, _) in enumerate(COLOURS):
        i, j = divmod(place, 2)
        sheet.box(42 + j * 80, 42 + i * 80, 80, 80, "none", dark, 2.5)
        patch = SIDE_BY_SIDE[2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
        u, v = divmod(int(patch.argmax()), 2)
        sheet.dot(42 + (2 * j + v + 0.5) * 40, 42 + (2 * i + u + 0.5) * 40, 15, "none", dark, 2)
    for x, name, values in ((330, "maximum", largest), (540, "mean", mean)):
        sheet.text(x + 50, 64, name, 14, MUTED)
        sheet.cells(x, 82, values, 50, lambda i, j: COLOURS[i * 2 + j][1], size=17)
    sheet.line([(222, 122), (300, 122)], MUTED, 2, arrow=True)
    sheet.text(485, 122, "or", 14, MUTED)
    sheet.line([(24, 226), (696, 226)], GREY, 1.5)
    _axis(sheet, 250, n=8, k=3, s=2, p=0)
    _axis(sheet, 356, n=3, k=2, s=2, p=1)
    return sheet


def _axis(sheet: Sheet, top: float, n: int, k: int, s: int, p: int) -> None:
    size = reference("conv_arithmetic").pool_out
    floor, ceil = size(n, k, s, p), size(n, k, s, p, ceil_mode=True)
    cell, left = 32, 42
    cells = max(n + 2 * p, (ceil - 1) * s + k)
    for c in range(n + 2 * p):
        inside = p <= c < n + p
        sheet.box(left + c * cell, top, cell, cell, "#ffffff" if inside else GREY, MUTED)
        sheet.text(left + (c + 0.5) * cell, top + cell / 2, str(c - p) if inside else "pad", 14 if inside else 11)
    if cells > n + 2 * p:
        sheet.box(left + (n + 2 * p) * cell, top, cell, cell, "none", MUTED, dash="3 3")
    tried = ceil + (1 if (n + 2 * p - k) % s and ceil == floor else 0)
    for window in range(tried):
        y = top + cell + 12 + (window % 2) * 13
        start = left + window * s * cell
        kept = window < ceil
        colour = BLUE if window < floor else GREEN if kept else RED
        sheet.line([(start + 3, y), (start + k * cell - 3, y)], colour, 3, "" if window < floor else "6 3")
        if window >= floor:
            sheet.text(
                start + k * cell + 6,
                y,
                "with ceil_mode" if kept else "starts after the image: never",
                13,
                colour,
                "start",
            )
    sheet.text(450, top + 6, f"n={n}, k={k}, s={s}, p={p}", 15, anchor="start", bold=True)
    sheet.text(450, top + 30, f"ceil_mode=False: {floor} windows", 14, BLUE, "start")
    last = (tried - 1) * s - p
    sheet.text(450, top + 52, f"ceil_mode=True: {ceil} windows", 14, GREEN if ceil > floor else BLUE, "start")
    sheet.text(450, top + 74, f"window {tried - 1} starts at cell {last} of {n}", 13, MUTED, "start")


def routing() -> Sheet:
    """Overlapping windows: the maximum sends each gradient to its winner, the mean spreads it."""
    module = reference("pooling_backward")
    dout = np.array([[1.0, 2, 3], [4, 5, 6]])
    image = OVERLAPPING[None, None]
    routed = module.max_pool2d_backward(dout[None, None], image, 2, 1)[0, 0]
    spread = module.avg_pool2d_backward(dout[None, None], image.shape, 2, 1)[0, 0]
    sheet = Sheet(
        720,
        420,
        "Backwards: a maximum routes, a mean spreads",
        "Six overlapping 2×2 windows of a 3×4 image. With a maximum each window's gradient goes to the cell that won, "
        "and a cell that won several windows adds them up. With a mean each window gives every cell a quarter.",
    )
    sheet.text(118, 24, "x, kernel 2, stride 1", 14, MUTED)
    sheet.text(302, 24, "dout", 14, MUTED)
    cell, left, top = 44, 30, 44
    winners: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for i, j in np.ndindex(*dout.shape):
        u, v = divmod(int(OVERLAPPING[i : i + 2, j : j + 2].argmax()), 2)
        winners.setdefault((i + u, j + v), []).append((i, j))
    colours = dict(zip(sorted(winners), COLOURS, strict=False))
    owner = {window: colours[place] for place, group in winners.items() for window in group}
    sheet.cells(left, top, OVERLAPPING, cell, lambda i, j: colours.get((i, j), ("", "#ffffff"))[1], size=17)
    sheet.cells(236, top + 22, dout, cell, lambda i, j: owner[i, j][1], size=17)
    sheet.text(400, 36, "each window's maximum", 13, MUTED, "start")
    for row, (place, group) in enumerate(sorted(winners.items())):
        total = " + ".join(number(dout[window]) for window in group)
        text = f"{number(OVERLAPPING[place])} wins {len(group)} {'windows' if len(group) > 1 else 'window'}: {total}"
        text += f" = {number(routed[place])}" if len(group) > 1 else ""
        sheet.box(400, 58 + row * 34, 22, 22, colours[place][1], colours[place][0], 1.5)
        sheet.text(430, 69 + row * 34, text, 13, anchor="start")
    sheet.line([(24, 202), (696, 202)], GREY, 1.5)
    sheet.text(118, 226, "dx of the maximum", 14, MUTED)
    sheet.cells(left, 246, routed, cell, lambda i, j: colours.get((i, j), ("", "#ffffff"))[1], size=17)
    sheet.text(392, 226, "dx of the mean", 14, MUTED)
    sheet.cells(304, 246, spread, cell, lambda i, j: YELLOW_TINT if (i, j) == (1, 1) else "#ffffff", size=16)
    for line, text in enumerate(
        (
            f"cell (1, 1) is in {len(dout[:2, :2].ravel())} windows:",
            f"({' + '.join(number(v) for v in dout[:2, :2].ravel())}) / 4",
            f"= {number(spread[1, 1])}",
        )
    ):
        sheet.text(494, 286 + line * 24, text, 13, anchor="start")
    sheet.text(
        360,
        400,
        f"without padding nothing is lost: the sums of dout and of both dx are {number(dout.sum())}, "
        f"{number(routed.sum())} and {number(spread.sum())}",
        13,
        MUTED,
    )
    return sheet
