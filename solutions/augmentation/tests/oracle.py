"""What each random function may return, with which probability, and the factors behind a jittered image.

The slow, obvious way: every outcome is built pixel by pixel with NumPy.

How often a right answer is refused: the exact binomial tails of all frequencies that the hidden suite counts, at
SIGMAS = 6, add up to 2e-6 (at 5 it would be 2e-4: few draws an outcome, and many outcomes). The six distributions of
jitter factors add 3.3e-6 at most (Dvoretzky, Kiefer, Wolfowitz: 2 exp(-2 * 2.75**2) = 5.4e-7 each; their variances and
the correlation much less). Together: below once in 150,000.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from grader.testing import assert_allclose, assert_dtype, assert_shape, assert_that

Array = NDArray[np.float32]
Outcomes = list[tuple[Array, float]]

SIGMAS = 6


def image(channels: int, height: int, width: int) -> torch.Tensor:
    """An image in which every pixel is its own number: k / 256 for the k-th, beginning with 1."""
    count = channels * height * width
    return (torch.arange(1, count + 1, dtype=torch.float32) / 256).reshape(channels, height, width)


def flips(img: torch.Tensor, p: float) -> Outcomes:
    """[(outcome, probability)] of random_hflip."""
    x = img.numpy()
    mirrored = np.empty_like(x)
    channels, height, width = x.shape
    for c, i, j in np.ndindex(channels, height, width):
        mirrored[c, i, j] = x[c, i, width - 1 - j]
    return [(mirrored, p), (x, 1 - p)]


def crops(img: torch.Tensor, size: int, pad: int) -> Outcomes:
    """[(outcome, probability)] of pad_random_crop."""
    x = img.numpy()
    channels, height, width = x.shape
    rows, columns = height + 2 * pad - size + 1, width + 2 * pad - size + 1
    outcomes: Outcomes = []
    for top, left in np.ndindex(rows, columns):
        window = np.zeros((channels, size, size), np.float32)
        for c, i, j in np.ndindex(channels, size, size):
            row, column = top + i - pad, left + j - pad
            if 0 <= row < height and 0 <= column < width:
                window[c, i, j] = x[c, row, column]
        outcomes.append((window, 1 / (rows * columns)))
    return outcomes


def holes(img: torch.Tensor, size: int, fill: float) -> Outcomes:
    """[(outcome, probability)] of cutout, one for each centre."""
    x = img.numpy()
    channels, height, width = x.shape
    outcomes: Outcomes = []
    for cy, cx in np.ndindex(height, width):
        out = x.copy()
        for c, i, j in np.ndindex(channels, height, width):
            if 0 <= i - (cy - size // 2) < size and 0 <= j - (cx - size // 2) < size:
                out[c, i, j] = fill
        outcomes.append((out, 1 / (height * width)))
    return outcomes


def per_channel(img: torch.Tensor, mean: list[float], std: list[float], inverse: bool) -> torch.Tensor:
    """What normalize gives, or denormalize where `inverse`, channel by channel."""
    x = img.double().numpy()
    out = [channel * s + m if inverse else (channel - m) / s for channel, m, s in zip(x, mean, std, strict=True)]
    return torch.from_numpy(np.stack(out)).float()


def merged(outcomes: Outcomes) -> tuple[torch.Tensor, list[float]]:
    """(outcomes (k, C, H, W), probabilities): equal ones become one."""
    table: dict[bytes, tuple[Array, float]] = {}
    for out, probability in outcomes:
        key = out.tobytes()
        table[key] = (out, table[key][1] + probability if key in table else probability)
    return torch.from_numpy(np.stack([out for out, _ in table.values()])), [p for _, p in table.values()]


def assert_drawn(stack: Any, outcomes: tuple[torch.Tensor, list[float]], count: int, help: str) -> torch.Tensor:
    """Each of `count` results is one of the outcomes, and each outcome comes as often as it should, within SIGMAS.

    Returns the index of the outcome that each result is.
    """
    candidates, probabilities = outcomes
    assert_shape(stack, (count, *candidates.shape[1:]), help=help)
    assert_dtype(stack, "float32", help=help)
    distance = (stack[:, None] - candidates[None]).abs().flatten(2).amax(2).nan_to_num(nan=math.inf)
    nearest: torch.Tensor
    which: torch.Tensor
    nearest, which = distance.min(1)
    worst = int(nearest.argmax())
    assert_allclose(stack[worst], candidates[which[worst]], help=help)
    for index, p in enumerate(probabilities):
        seen, expected = int((which == index).sum()), count * p
        assert_that(
            abs(seen - expected) <= SIGMAS * math.sqrt(count * p * (1 - p)),
            f"about {expected:.0f} of {count} calls with one of the possible results",
            f"{seen}",
            help=help,
        )
    return which


def assert_jittered(
    stack: Any, img: torch.Tensor, inner: torch.Tensor, ranges: tuple[tuple[float, float], ...], count: int, help: str
) -> None:
    """`count` images jittered by factors that are uniform in the ranges (brightness, contrast) and independent.

    Pixels in `inner` are never clamped: the straight line through them gives both factors, and so every other pixel.
    """
    assert_shape(stack, (count, *img.shape), help=help)
    assert_dtype(stack, "float32", help=help)
    assert_that(bool(stack.isfinite().all()), "finite numbers", "NaN or infinity", help=help)
    x, y, m = img.double(), stack.double(), img.double().mean()
    known, seen = x[inner], y[:, inner]
    centred = known - known.mean()
    slope = (seen * centred).sum(1) / centred.square().sum()
    offset = seen.mean(1) - slope * known.mean()
    line = slope[:, None, None, None] * x + offset[:, None, None, None]
    assert_allclose(stack, line.clamp(0, 1).float(), rtol=0, atol=1e-4, help=help)
    brightness = (slope * m + offset) / m
    assert_uniform(brightness, *ranges[0], help)
    if ranges[0][0] == 0:
        return  # a brightness near 0 leaves nothing to tell the contrast from
    contrast = slope / brightness.clamp(min=1e-3)
    assert_uniform(contrast, *ranges[1], help)
    if ranges[0][0] < ranges[0][1] and ranges[1][0] < ranges[1][1]:
        correlation = float(torch.corrcoef(torch.stack([brightness, contrast]))[0, 1])
        close = abs(correlation) <= SIGMAS / math.sqrt(count)
        assert_that(close, "independent factors", "factors that depend", help=help)


def assert_uniform(values: torch.Tensor, low: float, high: float, help: str) -> None:
    """The values fill [low, high] evenly: neither their distribution function nor their variance is off."""
    tolerance = 2e-3
    inside = bool((values >= low - tolerance).all() and (values <= high + tolerance).all())
    assert_that(inside, f"factors from {low:g} to {high:g}", "one outside", help=help)
    if low == high:
        return
    count = len(values)
    uniform = (values.sort().values - low) / (high - low)
    steps = (torch.arange(count, dtype=torch.float64) + 0.5) / count
    even = float((uniform - steps).abs().max()) <= 2.75 / math.sqrt(count)
    # The variance of a uniform number is 1/12, its fourth central moment 1/80. A normal distribution cut off at two
    # standard deviations hides from the distribution function, not from this.
    spread = float((uniform - 0.5).square().mean()) - 1 / 12
    even = even and abs(spread) <= SIGMAS * math.sqrt((1 / 80 - 1 / 144) / count)
    assert_that(even, f"factors spread evenly from {low:g} to {high:g}", "another distribution", help=help)
