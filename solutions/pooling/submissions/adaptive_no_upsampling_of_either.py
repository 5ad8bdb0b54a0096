# /// answer
# mistake = "adaptive-no-upsampling"
# title = "adaptive pooling breaks when the output is larger than the image"
# hint = "An output may be larger than the image: the same formula then gives windows of one or two cells."
# points = {max_pool2d = 18, avg_pool2d = 18, global_avg_pool2d = 5, adaptive_avg_pool2d = 10}
# ///
import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def _pair(value):
    return (value, value) if isinstance(value, int) else (value[0], value[1])


def _count(n, k, s, p, ceil_mode):
    span = n + 2 * p - k
    count = (math.ceil if ceil_mode else math.floor)(span / s) + 1
    if ceil_mode and (count - 1) * s - p >= n:
        count -= 1
    return count


def _view(x, kernel, stride, padding, ceil_mode, fill, mode=None):
    """All windows: (N, C, H', W', kH, kW)."""
    k, p = _pair(kernel), _pair(padding)
    s = k if stride is None else _pair(stride)
    if p[0] > k[0] / 2 or p[1] > k[1] / 2:
        raise ValueError("padding should be at most half of the kernel size")
    H, W = x.shape[2:]
    oh, ow = _count(H, k[0], s[0], p[0], ceil_mode), _count(W, k[1], s[1], p[1], ceil_mode)
    more_h = max((oh - 1) * s[0] + k[0] - H - p[0], 0)
    more_w = max((ow - 1) * s[1] + k[1] - W - p[1], 0)
    padded = np.pad(x.astype(np.float64), ((0, 0), (0, 0), (p[0], more_h), (p[1], more_w)), constant_values=fill)
    return sliding_window_view(padded, k, axis=(2, 3))[:, :, ::s[0], ::s[1]][:, :, :oh, :ow]


def max_pool2d(x, kernel, stride=None, padding=0, ceil_mode=False):
    return _view(x, kernel, stride, padding, ceil_mode, -np.inf).max(axis=(4, 5))


def avg_pool2d(x, kernel, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    total = _view(x, kernel, stride, padding, ceil_mode, 0.0).sum(axis=(4, 5))
    p = _pair(padding)
    ones = np.ones((1, 1) + x.shape[2:])
    if count_include_pad:
        ones = np.pad(ones, ((0, 0), (0, 0), (p[0], p[0]), (p[1], p[1])), constant_values=1)
        k = _pair(kernel)
        s = k if stride is None else _pair(stride)
        H, W = ones.shape[2:]
        rows = [max(0, min(i * s[0] + k[0], H) - i * s[0]) for i in range(total.shape[2])]
        cols = [max(0, min(j * s[1] + k[1], W) - j * s[1]) for j in range(total.shape[3])]
        area = np.outer(rows, cols)
    else:
        area = _view(ones, kernel, stride, padding, ceil_mode, 0.0).sum(axis=(4, 5))
    return total / area


def global_avg_pool2d(x):
    return np.einsum("nchw->nc", x.astype(np.float64)) / (x.shape[2] * x.shape[3])


def adaptive_avg_pool2d(x, output_size):
    size = _pair(output_size)
    if size[0] > x.shape[2] or size[1] > x.shape[3]:
        return x.astype(np.float64)
    y = x.astype(np.float64)
    weights = []
    for axis in (0, 1):
        n, o = x.shape[2 + axis], size[axis]
        w = np.zeros((o, n))
        for i in range(o):
            start, end = (i * n) // o, math.ceil((i + 1) * n / o)
            w[i, start:end] = 1 / (end - start)
        weights.append(w)
    out = np.empty(x.shape[:2] + size)
    for i in range(size[0]):
        for j in range(size[1]):
            r, c = np.flatnonzero(weights[0][i]), np.flatnonzero(weights[1][j])
            out[:, :, i, j] = y[:, :, r[0]:r[-1] + 1, c[0]:c[-1] + 1].mean(axis=(2, 3))
    return out
