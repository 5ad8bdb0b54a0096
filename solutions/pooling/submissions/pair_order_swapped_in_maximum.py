# /// answer
# mistake = "pair-order-swapped"
# title = "a pair is read as (width, height)"
# hint = "Every pair is (height, width): the first number belongs to the rows, which are axis 2."
# points = {max_pool2d = 6, avg_pool2d = 18, global_avg_pool2d = 5, adaptive_avg_pool2d = 14}
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


def avg_pool2d(x, kernel, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    k, s, p = _unpack(kernel, stride, padding)
    rows, cols = [_spans(x.shape[2 + a], k[a], s[a], p[a], ceil_mode) for a in (0, 1)]
    return _pool(x, rows, cols, lambda cells, area: sum(cells) / (area if count_include_pad else len(cells)))


def global_avg_pool2d(x):
    return _pool(x, [(0, x.shape[2])], [(0, x.shape[3])], lambda cells, area: sum(cells) / area)[:, :, 0, 0]


def adaptive_avg_pool2d(x, output_size):
    size = (output_size, output_size) if isinstance(output_size, int) else output_size
    rows, cols = [[(i * n // o, ((i + 1) * n - 1) // o + 1) for i in range(o)] for n, o in zip(x.shape[2:], size)]
    return _pool(x, rows, cols, lambda cells, area: sum(cells) / area)


def hw(v):
    return (v, v) if np.isscalar(v) else tuple(v)


def sz(n, k, s, p, c):
    if not c:
        return (n + 2 * p - k) // s + 1
    o = -((k - n - 2 * p) // s) + 1
    return o - (1 if (o - 1) * s >= n + p else 0)


def each(x, kernel, stride, padding, ceil_mode, f, size=sz):
    k, p = hw(kernel), hw(padding)
    s = k if stride is None else hw(stride)
    if 2 * p[0] > k[0] or 2 * p[1] > k[1]:
        raise ValueError("padding")
    H, W = x.shape[2:]
    oh, ow = size(H, k[0], s[0], p[0], ceil_mode), size(W, k[1], s[1], p[1], ceil_mode)
    out = np.zeros(x.shape[:2] + (oh, ow))
    for i in range(oh):
        for j in range(ow):
            out[:, :, i, j] = f(i * s[0] - p[0], j * s[1] - p[1], k, p, H, W)
    return out


def biggest(x):
    return lambda a, b, k, p, H, W: x[:, :, max(a, 0) : a + k[0], max(b, 0) : b + k[1]].astype(float).max((2, 3))


def max_pool2d(x, kernel, stride=None, padding=0, ceil_mode=False):
    return each(x, hw(kernel)[::-1], None if stride is None else hw(stride)[::-1], padding, ceil_mode, biggest(x))
