# /// answer
# mistake = "last-of-window"
# title = "the last value of the window is taken"
# hint = "A maximum looks at every cell of the window; taking one fixed position only looks right on images that grow."
# points = {max_pool2d = 0, avg_pool2d = 18, global_avg_pool2d = 5, adaptive_avg_pool2d = 14}
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


def max_pool2d(x, kernel, stride=None, padding=0, ceil_mode=False):
    k, p = (kernel,) * 2 if np.isscalar(kernel) else kernel, (padding,) * 2 if np.isscalar(padding) else padding
    if 2 * p[0] > k[0] or 2 * p[1] > k[1]:
        raise ValueError("pad")
    s = k if stride is None else (stride,) * 2 if np.isscalar(stride) else stride

    def size(n, a, b, c):
        o = -(-(n + 2 * c - a) // b) + 1 if ceil_mode else (n + 2 * c - a) // b + 1
        return o - 1 if ceil_mode and (o - 1) * b >= n + c else o

    n, c, h, w = x.shape
    oh, ow = size(h, k[0], s[0], p[0]), size(w, k[1], s[1], p[1])
    y = np.zeros((n, c, oh, ow))
    for i in range(oh):
        for j in range(ow):
            y[:, :, i, j] = x[:, :, min(i * s[0] - p[0] + k[0], h) - 1, min(j * s[1] - p[1] + k[1], w) - 1]
    return y
