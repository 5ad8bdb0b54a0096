# /// answer
# mistake = "integer-mean"
# title = "the mean of integers is an integer"
# hint = "A mean is rarely a whole number: make the input or the result array float64 before you divide."
# points = {max_pool2d = 18, avg_pool2d = 18, global_avg_pool2d = 4.6, adaptive_avg_pool2d = 14}
# ///
from __future__ import annotations

import math

import numpy as np


def _spans(n, k, s, p, ceil_mode):
    count = (n + 2 * p - k) // s + 1
    if ceil_mode:
        count = int(math.ceil((n + 2 * p - k) / float(s))) + 1
        while (count - 1) * s - p >= n:
            count -= 1
    return [(i * s - p, min(i * s - p + k, n + p)) for i in range(count)]


def _unpack(kernel, stride, padding):
    kernel = [kernel] * 2 if isinstance(kernel, int) else list(kernel)
    padding = [padding] * 2 if isinstance(padding, int) else list(padding)
    if stride is None:
        stride = kernel
    stride = [stride] * 2 if isinstance(stride, int) else list(stride)
    for axis in range(2):
        if padding[axis] * 2 > kernel[axis]:
            raise ValueError("pad should be at most half of the kernel size")
    return kernel, stride, padding


def _pool(x, rows, cols, reduce):
    images = x.tolist()
    height, width = x.shape[2], x.shape[3]
    result = []
    for image in images:
        maps = []
        for plane in image:
            grid = []
            for top, bottom in rows:
                line = []
                for left, right in cols:
                    cells = []
                    for r in range(max(0, top), min(height, bottom)):
                        cells.extend(plane[r][max(0, left) : min(width, right)])
                    line.append(float(reduce(cells, (bottom - top) * (right - left))))
                grid.append(line)
            maps.append(grid)
        result.append(maps)
    return np.array(result, dtype=float)


def max_pool2d(x, kernel, stride=None, padding=0, ceil_mode=False):
    k, s, p = _unpack(kernel, stride, padding)
    rows, cols = [_spans(x.shape[2 + a], k[a], s[a], p[a], ceil_mode) for a in (0, 1)]

    def largest(cells, area):
        best = cells[0]
        for value in cells:
            if value > best or value != value:
                best = value
            if best != best:
                break
        return best

    return _pool(x, rows, cols, largest)


def avg_pool2d(x, kernel, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    k, s, p = _unpack(kernel, stride, padding)
    rows, cols = [_spans(x.shape[2 + a], k[a], s[a], p[a], ceil_mode) for a in (0, 1)]
    return _pool(x, rows, cols, lambda cells, area: sum(cells) / (area if count_include_pad else len(cells)))


def adaptive_avg_pool2d(x, output_size):
    size = (output_size, output_size) if isinstance(output_size, int) else output_size
    rows, cols = [[(i * n // o, ((i + 1) * n - 1) // o + 1) for i in range(o)] for n, o in zip(x.shape[2:], size)]
    return _pool(x, rows, cols, lambda cells, area: sum(cells) / area)


def global_avg_pool2d(x):
    return x.sum((2, 3)) // (x.shape[2] * x.shape[3]) if x.dtype.kind in "ui" else x.mean((2, 3), dtype=float)
