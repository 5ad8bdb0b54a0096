"""Slow, obvious pooling: every window is a list of plain numbers."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

Pair = int | tuple[int, int]
Span = tuple[int, int]


def spans(n: int, k: int, s: int, p: int, ceil_mode: bool) -> list[Span]:
    """First and one-past-last cell of every window along one axis, found by walking and not by a size formula.

    Cells are counted from the image's first; padding lies at -p..-1 and n..n+p-1.
    """
    found: list[Span] = []
    start = -p
    while start + k <= n + p:
        found.append((start, start + k))
        start += s
    if ceil_mode and found and found[-1][1] < n + p and start < n:
        found.append((start, start + k))
    return found


def adaptive_spans(n: int, o: int) -> list[Span]:
    """The windows of adaptive pooling along one axis: every cell that overlaps the i-th of o equal parts."""
    found: list[Span] = []
    for i in range(o):
        touched = [r for r in range(n) if (r + 1) * o > i * n and r * o < (i + 1) * n]
        found.append((touched[0], touched[-1] + 1))
    return found


def pool(x: np.ndarray, rows: list[Span], columns: list[Span], reduce: Callable[..., float]) -> np.ndarray:
    """`reduce(values, row_span, column_span)` of each window; `values` are its image cells in row-major order."""
    images, channels, height, width = x.shape
    y = np.zeros((images, channels, len(rows), len(columns)))
    for n in range(images):
        for c in range(channels):
            for i, (top, bottom) in enumerate(rows):
                for j, (left, right) in enumerate(columns):
                    values = [
                        float(x[n, c, r, s])
                        for r in range(top, bottom)
                        for s in range(left, right)
                        if 0 <= r < height and 0 <= s < width
                    ]
                    y[n, c, i, j] = reduce(values, (top, bottom), (left, right))
    return y


def max_pool2d(
    x: np.ndarray, kernel: Pair, stride: Pair | None = None, padding: Pair = 0, ceil_mode: bool = False
) -> np.ndarray:
    """The largest value of each window, NaN where the window holds one."""

    def largest(values: list[float], rows: Span, columns: Span) -> float:
        return math.nan if any(math.isnan(v) for v in values) else max(values)

    return pool(x, *windows(x, kernel, stride, padding, ceil_mode), largest)


def avg_pool2d(
    x: np.ndarray,
    kernel: Pair,
    stride: Pair | None = None,
    padding: Pair = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> np.ndarray:
    """The sum of each window over the number of its cells that lie in the padded image, or in the image."""
    height, width = x.shape[2:]
    ph, pw = both(padding)

    def mean(values: list[float], rows: Span, columns: Span) -> float:
        in_padded = [
            (r, s) for r in range(*rows) for s in range(*columns) if -ph <= r < height + ph and -pw <= s < width + pw
        ]
        return math.fsum(values) / (len(in_padded) if count_include_pad else len(values))

    return pool(x, *windows(x, kernel, stride, padding, ceil_mode), mean)


def global_avg_pool2d(x: np.ndarray) -> np.ndarray:
    """The mean of each map."""
    return np.array([[math.fsum(float(v) for v in plane.flat) / plane.size for plane in image] for image in x])


def adaptive_avg_pool2d(x: np.ndarray, output_size: Pair) -> np.ndarray:
    """The mean of each adaptive window."""

    def mean(values: list[float], rows: Span, columns: Span) -> float:
        return math.fsum(values) / len(values)

    h_out, w_out = both(output_size)
    return pool(x, adaptive_spans(x.shape[2], h_out), adaptive_spans(x.shape[3], w_out), mean)


def windows(
    x: np.ndarray, kernel: Pair, stride: Pair | None, padding: Pair, ceil_mode: bool
) -> tuple[list[Span], list[Span]]:
    """The windows' rows and columns."""
    k, p = both(kernel), both(padding)
    s = k if stride is None else both(stride)
    return (
        spans(x.shape[2], k[0], s[0], p[0], ceil_mode),
        spans(x.shape[3], k[1], s[1], p[1], ceil_mode),
    )


def both(value: Pair) -> tuple[int, int]:
    """An int or a pair as a pair."""
    return (value, value) if isinstance(value, int) else value
