"""Slow, obvious gradients of pooling: every cell of every window is visited on its own."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator

import numpy as np

Pair = int | tuple[int, int]
Shape = tuple[int, int, int, int]
Cell = tuple[int, int]


def starts(n: int, k: int, s: int, p: int) -> list[int]:
    """First cell of every window along one axis, found by walking and not by a size formula.

    Cells are counted from the image's first; padding lies at -p..-1 and n..n+p-1.
    """
    found = []
    start = -p
    while start + k <= n + p:
        found.append(start)
        start += s
    return found


def out_shape(x_shape: Shape, kernel: Pair, stride: Pair | None = None, padding: Pair = 0) -> Shape:
    """The shape of the pooled image, and so of dout."""
    rows, columns = starting_cells(x_shape, kernel, stride, padding)
    return x_shape[0], x_shape[1], len(rows), len(columns)


def windows(
    x_shape: Shape, kernel: Pair, stride: Pair | None, padding: Pair
) -> Iterator[tuple[tuple[int, int], list[Cell]]]:
    """Each output position with the image cells of its window, in row-major order."""
    height, width = x_shape[2:]
    k = both(kernel)
    rows, columns = starting_cells(x_shape, kernel, stride, padding)
    for i, top in enumerate(rows):
        for j, left in enumerate(columns):
            cells = [(r, s) for r in range(top, top + k[0]) for s in range(left, left + k[1])]
            yield (i, j), [(r, s) for r, s in cells if 0 <= r < height and 0 <= s < width]


def max_pool2d_backward(
    dout: np.ndarray, x: np.ndarray, kernel: Pair, stride: Pair | None = None, padding: Pair = 0
) -> np.ndarray:
    """Each window's gradient goes to the first cell that holds its maximum."""
    shares: dict[tuple[int, ...], list[float]] = defaultdict(list)
    for (i, j), cells in windows(x.shape, kernel, stride, padding):
        for n, c in np.ndindex(*x.shape[:2]):
            values = [float(x[n, c, r, s]) for r, s in cells]
            r, s = cells[values.index(max(values))]
            shares[n, c, r, s].append(float(dout[n, c, i, j]))
    return summed(shares, x.shape)


def avg_pool2d_backward(
    dout: np.ndarray,
    x_shape: Shape,
    kernel: Pair,
    stride: Pair | None = None,
    padding: Pair = 0,
    count_include_pad: bool = True,
) -> np.ndarray:
    """Each window's gradient is divided among the cells that its mean was taken over."""
    shares: dict[tuple[int, ...], list[float]] = defaultdict(list)
    area = math.prod(both(kernel))
    for (i, j), cells in windows(x_shape, kernel, stride, padding):
        for n, c in np.ndindex(*x_shape[:2]):
            share = float(dout[n, c, i, j]) / (area if count_include_pad else len(cells))
            for r, s in cells:
                shares[n, c, r, s].append(share)
    return summed(shares, x_shape)


def global_avg_pool2d_backward(dout: np.ndarray, x_shape: Shape) -> np.ndarray:
    """Each map's gradient is divided among all its cells."""
    dx = np.zeros(x_shape)
    for n, c, r, s in np.ndindex(*x_shape):
        dx[n, c, r, s] = float(dout[n, c]) / (x_shape[2] * x_shape[3])
    return dx


def summed(shares: dict[tuple[int, ...], list[float]], shape: Shape) -> np.ndarray:
    """The sum of each cell's shares, 0 where there are none."""
    dx = np.zeros(shape)
    for cell, values in shares.items():
        dx[cell] = math.fsum(values)
    return dx


def starting_cells(x_shape: Shape, kernel: Pair, stride: Pair | None, padding: Pair) -> tuple[list[int], list[int]]:
    """The first row and the first column of all windows."""
    k, p = both(kernel), both(padding)
    s = k if stride is None else both(stride)
    return starts(x_shape[2], k[0], s[0], p[0]), starts(x_shape[3], k[1], s[1], p[1])


def both(value: Pair) -> tuple[int, int]:
    """An int or a pair as a pair."""
    return (value, value) if isinstance(value, int) else value
