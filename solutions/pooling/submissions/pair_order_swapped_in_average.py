# /// answer
# mistake = "pair-order-swapped"
# title = "a pair is read as (width, height)"
# hint = "Every pair is (height, width): the first number belongs to the rows, which are axis 2."
# points = {max_pool2d = 18, avg_pool2d = 7.5, global_avg_pool2d = 5, adaptive_avg_pool2d = 14}
# ///
import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def _two(v):
    return (v, v) if isinstance(v, int) else tuple(v)


def _setup(shape, kernel, stride, padding, ceil_mode):
    """Kernel and stride as pairs, output size, and (before, after) padding of each axis, overhang included."""
    kernel, padding = _two(kernel), _two(padding)
    stride = kernel if stride is None else _two(stride)
    if any(2 * p > k for k, p in zip(kernel, padding)):
        raise ValueError("padding must be at most half of the kernel")
    size, pads = [], []
    for n, k, s, p in zip(shape[2:], kernel, stride, padding):
        room = n + 2 * p - k
        out = room // s + 1
        if ceil_mode and room % s and out * s < n + p:
            out += 1
        size.append(out)
        pads.append((p, max(0, (out - 1) * s + k - n - p)))
    return kernel, stride, padding, size, pads


def _windows(x, kernel, stride, size):
    view = sliding_window_view(x, kernel, axis=(2, 3))
    return view[:, :, :: stride[0], :: stride[1]][:, :, : size[0], : size[1]]


def max_pool2d(x, kernel, stride=None, padding=0, ceil_mode=False):
    kernel, stride, padding, size, pads = _setup(x.shape, kernel, stride, padding, ceil_mode)
    x = np.pad(x.astype(np.float64), ((0, 0), (0, 0), *pads), constant_values=-np.inf)
    return _windows(x, kernel, stride, size).max(axis=(-2, -1))


def global_avg_pool2d(x):
    n, c = x.shape[:2]
    return x.reshape(n, c, -1).astype(np.float64).sum(axis=2) / (x.shape[2] * x.shape[3])


def adaptive_avg_pool2d(x, output_size):
    x = x.astype(np.float64)
    for axis, o in zip((2, 3), _two(output_size)):
        n = x.shape[axis]
        parts = [
            x.take(range(i * n // o, ((i + 1) * n + o - 1) // o), axis=axis).mean(axis=axis, keepdims=True)
            for i in range(o)
        ]
        x = np.concatenate(parts, axis=axis)
    return x


def two(v):
    return (v, v) if isinstance(v, (int, np.integer)) else (v[0], v[1])


def osz(n, k, s, p, c):
    o = (math.ceil if c else math.floor)((n + 2 * p - k) / s) + 1
    return o - 1 if c and (o - 1) * s >= n + p else o


def av(x, kernel, stride, padding, ceil_mode, count, div=None, size=osz):
    (kh, kw), (ph, pw) = two(kernel), two(padding)
    sh, sw = two(kernel if stride is None else stride)
    if 2 * ph > kh or 2 * pw > kw:
        raise ValueError("pad")
    n, c, h, w = x.shape
    oh, ow = size(h, kh, sh, ph, ceil_mode), size(w, kw, sw, pw, ceil_mode)
    y = np.zeros((n, c, oh, ow))
    for i in range(oh):
        for j in range(ow):
            a, b = i * sh - ph, j * sw - pw
            e, f = min(a + kh, h + ph), min(b + kw, w + pw)
            full = (e - a) * (f - b)
            a2, b2, e2, f2 = max(a, 0), max(b, 0), min(e, h), min(f, w)
            d = full if count else (e2 - a2) * (f2 - b2)
            y[:, :, i, j] = x[:, :, a2:e2, b2:f2].sum((2, 3)) / (d if div is None else div(kh, kw))
    return y


def avg_pool2d(x, kernel, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    return av(
        x, two(kernel)[::-1], None if stride is None else two(stride)[::-1], padding, ceil_mode, count_include_pad
    )
