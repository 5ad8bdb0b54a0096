"""Convolution: the sliding kernel, its matrix form, its gradient, and its cheaper variants."""

from __future__ import annotations

import numpy as np

from course.figures.reference import reference
from course.figures.svg import (
    BLUE,
    BLUE_TINT,
    GREEN,
    GREEN_TINT,
    GREY,
    INK,
    LINE,
    MUTED,
    PURPLE,
    PURPLE_TINT,
    RED,
    RED_TINT,
    YELLOW_TINT,
    Sheet,
    number,
)

IMAGE = np.array([[1.0, 2, 0, 1], [0, 1, 3, 1], [2, 0, 1, 2]])
KERNEL = np.array([[1.0, 2], [0, -1]])
COLOURS = ((BLUE, BLUE_TINT), (RED, RED_TINT), (GREEN, GREEN_TINT), (PURPLE, PURPLE_TINT))


def sliding() -> Sheet:
    """The lesson's kernel at two of its six places, with the sum that gives the output there."""
    out = reference("convolution").cross_correlate2d(IMAGE, KERNEL)
    sheet = Sheet(
        720,
        405,
        "A 2×2 kernel slides over a 3×4 image",
        "The kernel lies on the image, what lies on top of each other is multiplied and added up, and the sum is one "
        "cell of the 2×3 output: shown for the first place and for the last.",
    )
    for top, (i, j), (dark, tint) in ((40, (0, 0), COLOURS[0]), (240, (1, 2), COLOURS[1])):
        _window(sheet, top, i, j, dark, tint, out)
    return sheet


def _window(sheet: Sheet, top: float, i: int, j: int, dark: str, tint: str, out: np.ndarray) -> None:
    rows, columns = KERNEL.shape
    for x, name in ((130, "image"), (376, "kernel"), (586, "output")):
        sheet.text(x, top - 14, name, 14, MUTED)
    sheet.cells(
        50, top, IMAGE, 40, lambda r, s: tint if i <= r < i + rows and j <= s < j + columns else "#ffffff", size=17
    )
    for u in range(rows):
        for v in range(columns):
            x, y = 50 + (j + v + 1) * 40 - 5, top + (i + u + 1) * 40 - 8
            sheet.text(x, y, f"×{number(KERNEL[u, v])}", 11, dark, "end", bold=True)
    sheet.box(50 + j * 40, top + i * 40, 80, 80, "none", dark, 3)
    sheet.text(270, top + 60, "·", 34, MUTED)
    sheet.cells(336, top + 20, KERNEL, 40, tint, size=17)
    sheet.text(474, top + 60, "=", 24, MUTED)
    sheet.cells(526, top + 20, out, 40, lambda r, s: tint if (r, s) == (i, j) else "#ffffff", size=17)
    sheet.box(526 + j * 40, top + 20 + i * 40, 40, 40, "none", dark, 3)
    patch = IMAGE[i : i + rows, j : j + columns]
    terms = [f"{number(a)}·{_signed(b)}" for a, b in zip(patch.ravel(), KERNEL.ravel(), strict=True)]
    sheet.text(360, top + 145, f"out[{i}, {j}]  =  {' + '.join(terms)}  =  {number(float((patch * KERNEL).sum()))}", 16)


def _signed(value: float) -> str:
    return f"({number(value)})" if value < 0 else number(value)


def im2col() -> Sheet:
    """Four windows become four columns, and one matrix product gives all four outputs."""
    module = reference("im2col")
    image = np.arange(1.0, 10).reshape(3, 3)
    columns = module.im2col(image[None, None], (2, 2))[0]
    out = module.conv2d_im2col(image[None, None], KERNEL[None, None])[0, 0]
    sheet = Sheet(
        720,
        330,
        "im2col: every window becomes a column",
        "The four 2×2 windows of a 3×3 image stand side by side as columns of a 4×4 matrix. The kernel, written as one "
        "row, times this matrix gives the four outputs in one product.",
    )
    sheet.text(95, 26, "image", 14, MUTED)
    sheet.cells(44, 44, image, 34)
    sheet.text(95, 176, "its four windows", 14, MUTED)
    for place, (dark, tint) in enumerate(COLOURS):
        x, y = 36 + place % 2 * 64, 196 + place // 2 * 60
        sheet.cells(x, y, columns[:, place].reshape(2, 2), 25, tint, size=12)
        sheet.box(x, y, 50, 50, "none", dark, 2)
    sheet.line([(166, 170), (206, 170)], MUTED, 2, arrow=True)
    sheet.text(290, 196, "kernel as one row", 14, MUTED)
    sheet.cells(222, 216, KERNEL.reshape(1, 4), 34, GREY)
    sheet.text(377, 233, "·", 30, MUTED)
    sheet.text(468, 46, "columns = windows, rows = taps", 14, MUTED)
    sheet.cells(400, 164, columns, 34, lambda _, place: COLOURS[place][1])
    for place, (dark, _) in enumerate(COLOURS):
        sheet.box(400 + place * 34, 164, 34, 136, "none", dark, 2)
        i, j = divmod(place, 2)
        sheet.line([(417 + place * 34, 118), (417 + place * 34, 160)], dark, 1.5, arrow=True)
        sheet.text(417 + place * 34, 106, f"{i},{j}", 12, dark, bold=True)
    sheet.text(468, 84, "window at", 12, MUTED)
    sheet.text(560, 233, "=", 22, MUTED)
    sheet.text(646, 196, "outputs", 14, MUTED)
    sheet.cells(578, 216, out.reshape(1, 4), 32, lambda _, place: COLOURS[place][1])
    terms = [f"{_signed(a)}·{number(b)}" for a, b in zip(KERNEL.ravel(), columns[:, 0], strict=True)]
    sheet.text(290, 280, " + ".join(terms), 13, BLUE)
    sheet.text(290, 300, f"= {number(out[0, 0])}", 13, BLUE)
    return sheet


def scatter() -> Sheet:
    """The lesson's gradient: each output lays dout · w on its window, and what meets is added."""
    dout, padding, stride = np.array([[1.0, 0, 2], [3, -1, 0]]), (0, 1), (1, 2)
    dx, _, _ = reference("convolution_backward").conv2d_backward(
        dout[None, None], IMAGE[None, None], KERNEL[None, None], stride, padding
    )
    rows, columns = IMAGE.shape[0] + 2 * padding[0], IMAGE.shape[1] + 2 * padding[1]
    dp = np.zeros((rows, columns))
    for i, j in np.ndindex(*dout.shape):
        dp[i : i + 2, 2 * j : 2 * j + 2] += dout[i, j] * KERNEL
    if not np.array_equal(dp[:, 1:-1], dx[0, 0]):
        raise ValueError("the figure scatters otherwise than the reference")
    sheet = Sheet(
        720,
        312,
        "Backwards: every output scatters its gradient over its window",
        "Two outputs one above the other lay dout times the kernel on their windows in dp. The windows share a row, "
        "where the contributions are added. Cutting off the border columns of dp gives dx.",
    )
    sheet.text(95, 26, "dout", 14, MUTED)
    sheet.cells(41, 44, dout, 36, lambda i, j: COLOURS[i][1] if j == 0 else "#ffffff", size=16)
    sheet.text(76, 182, "kernel w", 14, MUTED)
    sheet.cells(40, 200, KERNEL, 36, GREY, size=16)
    for i, (dark, tint) in enumerate(COLOURS[:2]):
        top = 44 + i * 156
        sheet.text(264, top - 18, f"{number(dout[i, 0])} · w", 15, dark, bold=True)
        sheet.cells(228, top, dout[i, 0] * KERNEL, 36, tint, size=16)
        sheet.box(228, top, 72, 72, "none", dark, 2.5)
    sheet.line([(156, 62), (220, 66)], BLUE, 1.5, arrow=True)
    sheet.line([(59, 119), (59, 134), (100, 148), (220, 222)], RED, 1.5, arrow=True)
    left, top, cell = 400, 104, 42
    sheet.text(left + 3 * cell, 60, "dp: the padded image's gradient", 14, MUTED)
    inside = lambda _, s: GREY if s in (0, columns - 1) else "#ffffff"  # noqa: E731  # a fill, not a function
    sheet.cells(left, top, dp, cell, inside, size=16)
    sheet.box(left + cell, top + cell, cell, cell, YELLOW_TINT, LINE)
    sheet.text(left + 1.5 * cell, top + 1.5 * cell, number(dp[1, 1]), 17, bold=True)
    sheet.box(left - 3, top - 3, 2 * cell + 2, 2 * cell + 2, "none", BLUE, 3)
    sheet.box(left + 2, top + cell + 2, 2 * cell + 2, 2 * cell + 1, "none", RED, 3)
    sheet.line([(306, 80), (left - 8, top + 24)], BLUE, 1.5, arrow=True)
    sheet.line([(306, 236), (left - 4, top + 2.4 * cell)], RED, 1.5, arrow=True)
    first, second = dout[0, 0] * KERNEL[1, 1], dout[1, 0] * KERNEL[0, 1]
    sheet.text(
        left + 3 * cell,
        top + 3 * cell + 28,
        f"dp[1, 1] = {number(first)} + {number(second)} = {number(dp[1, 1])}: += where windows meet",
        14,
    )
    sheet.text(left + 3 * cell, top + 3 * cell + 54, "grey columns are padding; dx is the rest", 14, MUTED)
    return sheet


def groups() -> Sheet:
    """Which input channels an output channel sees, and what the layer's weights number."""
    params = reference("conv_arithmetic").conv_params
    channels, k = 4, 3
    sheet = Sheet(
        720,
        300,
        "Groups: fewer connections between channels",
        "Four input and four output channels. With one group every output sees every input; with two groups only its "
        "half; depthwise only one. Depthwise separable adds a 1×1 convolution that mixes the channels again.",
    )
    for panel, (name, count) in enumerate((("one group", 1), ("two groups", 2), ("depthwise", channels))):
        left = 58 + panel * 166
        _connect(sheet, left, 90, 190, channels, count)
        _channels(sheet, left, 90, channels, count)
        _channels(sheet, left, 190, channels, count)
        weights = params(channels, channels, k, groups=count, bias=False)
        sheet.text(left + 51, 34, name, 15, bold=True)
        sheet.text(left + 51, 54, f"{k}×{k}, G = {count}", 13, MUTED)
        sheet.text(left + 51, 238, f"{weights} weights", 14)
    left = 58 + 3 * 166
    _connect(sheet, left, 90, 140, channels, channels)
    _connect(sheet, left, 140, 190, channels, 1)
    for y, count in ((90, channels), (140, channels), (190, 1)):
        _channels(sheet, left, y, channels, count)
    depthwise = params(channels, channels, k, groups=channels, bias=False)
    pointwise = params(channels, channels, 1, bias=False)
    sheet.text(left + 51, 34, "depthwise separable", 15, bold=True)
    sheet.text(left + 51, 54, f"{k}×{k}, G = {channels}, then 1×1", 13, MUTED)
    sheet.text(left + 51, 238, f"{depthwise} + {pointwise} = {depthwise + pointwise} weights", 14)
    sheet.text(24, 90, "in", 13, MUTED)
    sheet.text(24, 190, "out", 13, MUTED)
    ratio = reference("conv_variants").separable_ratio(256, 3)
    sheet.text(
        360, 274, f"with 256 filters of 3×3, the separable layer costs {ratio:.3f} of the standard one", 14, MUTED
    )
    return sheet


def _connect(sheet: Sheet, left: float, top: float, bottom: float, channels: int, count: int) -> None:
    size = channels // count
    for c in range(channels):
        for f in range(channels):
            if c // size == f // size:
                sheet.line(
                    [(left + c * 34, top), (left + f * 34, bottom)], COLOURS[c // size][0] if count > 1 else LINE, 1.4
                )


def _channels(sheet: Sheet, left: float, y: float, channels: int, count: int) -> None:
    for c in range(channels):
        dark, tint = COLOURS[c // (channels // count)] if count > 1 else (INK, GREY)
        sheet.dot(left + c * 34, y, 12, tint, dark, 1.5)
        sheet.text(left + c * 34, y, str(c), 12)
