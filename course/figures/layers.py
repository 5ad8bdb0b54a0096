"""What keeps the numbers of a deep network in range: where weights start, and what BatchNorm averages over."""

from __future__ import annotations

import numpy as np

from course.figures.chart import Chart
from course.figures.reference import reference
from course.figures.svg import BLUE, BLUE_TINT, GREEN, GREEN_TINT, GREY, INK, LINE, MUTED, RED, RED_TINT, Sheet

DEPTH, WIDTH, SAMPLES = 20, 256, 64


def spread() -> Sheet:
    """The standard deviation of the activations, layer by layer, in a network that is really computed."""
    he_normal = reference("init_and_loss").he_normal
    sheet = Sheet(
        720,
        370,
        "The spread of activations by depth, for three scales of initial weights",
        "Random inputs run through twenty dense layers of 256 with ReLUs. With half of He's standard deviation the "
        "activations die out, with twice as much they explode, and with He's they keep their size.",
    )
    chart = Chart(sheet, (76, 50, 416, 252), (0, DEPTH), (1e-7, 1e7), log=True)
    powers = [(10.0**power, f"10{_raised(power)}" if power else "1") for power in range(-6, 7, 2)]
    chart.axes(range(0, DEPTH + 1, 5), powers, "layer", "standard deviation of the activations")
    for factor, stroke, dash, name in (
        (2.0, RED, "8 4", "weights twice as large"),
        (1.0, BLUE, "", "He: std = √(2 / fan_in)"),
        (0.5, GREEN, "2 4", "weights half as large"),
    ):
        rng = np.random.default_rng(0)
        x = rng.normal(size=(SAMPLES, WIDTH))
        stds = [float(x.std())]
        for _ in range(DEPTH):
            x = np.maximum(x @ (factor * he_normal((WIDTH, WIDTH), rng)).T, 0)
            stds.append(float(x.std()))
        chart.curve(range(DEPTH + 1), stds, stroke, 3, dash)
        _, y = chart.point(DEPTH, stds[-1])
        sheet.text(502, y - 9, name, 14, stroke, "start", bold=True)
        sheet.text(502, y + 10, f"after {DEPTH} layers: {_short(stds[-1])}", 13, stroke, "start")
    return sheet


def _short(value: float) -> str:
    if 0.01 <= value < 100:
        return f"{value:.2f}"
    mantissa, power = f"{value:.0e}".split("e")
    return f"{mantissa}·10{_raised(int(power))}"


def _raised(power: int) -> str:
    return str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def axes() -> Sheet:
    """The cells that share one mean: BatchNorm's, and those of two usual mistakes."""
    batch = np.random.default_rng(1).normal(size=(3, 3, 3, 3))
    sheet = Sheet(
        720,
        330,
        "BatchNorm averages over images, rows and columns: one mean for each channel",
        "A batch of three images with three channels of 3×3 pixels, drawn three times. Axes (0, 2, 3) put all images' "
        "pixels of one channel together; axes (2, 3) treat each image alone; axis 0 alone treats each pixel alone.",
    )
    panels = (
        ((0, 2, 3), "BatchNorm", BLUE, BLUE_TINT),
        ((2, 3), "each image alone", RED, RED_TINT),
        ((0,), "each pixel alone", GREEN, GREEN_TINT),
    )
    cell, gap = 15.0, 12.0
    for panel, (over, name, dark, tint) in enumerate(panels):
        left, top = 66 + panel * 226, 92.0
        sheet.text(left + 79, 28, f"axis={over if len(over) > 1 else over[0]}", 15, mono=True)
        sheet.text(left + 79, 52, name, 14, dark, bold=True)
        for index in np.ndindex(*batch.shape):
            n, c, i, j = index
            shared = all(axis in over or index[axis] == (0, 0, 1, 1)[axis] for axis in range(4))
            x = left + n * (3 * cell + gap) + j * cell
            y = top + c * (3 * cell + gap) + i * cell
            sheet.box(x, y, cell, cell, tint if shared else "#ffffff", dark if shared else LINE, 1.8 if shared else 0.8)
            if shared:
                sheet.dot(x + cell / 2, y + cell / 2, 2.5, dark)
        for n in range(3):
            sheet.text(left + n * (3 * cell + gap) + 1.5 * cell, top - 14, f"n = {n}", 12, MUTED)
        for c in range(3 if panel == 0 else 0):
            sheet.text(left - 8, top + c * (3 * cell + gap) + 1.5 * cell, f"c = {c}", 12, MUTED, "end")
        means = batch.mean(axis=over)
        sheet.text(left + 79, 280, f"{batch.size // means.size} values in each mean,", 13, INK)
        letters = " × ".join(letter for axis, letter in enumerate("NCHW") if axis not in over)
        sheet.text(left + 79, 301, f"{means.size} means: {letters}", 13, INK)
    sheet.line([(275, 20), (275, 310)], GREY, 1.5)
    sheet.line([(501, 20), (501, 310)], GREY, 1.5)
    return sheet
