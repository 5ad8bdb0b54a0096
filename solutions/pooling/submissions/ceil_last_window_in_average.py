# /// answer
# mistake = "ceil-last-window"
# title = "with ceil_mode, a last window may start beyond the image"
# hint = "After rounding up, drop the last window if it starts beyond the image: (out - 1) * stride >= n + padding."
# points = {max_pool2d = 18, avg_pool2d = 17, global_avg_pool2d = 5, adaptive_avg_pool2d = 14}
# ///
import math

import numpy as np


def windows(n, kernel, stride, padding, ceil_mode):
    """First cell and one past the last of every window, cut at the padded image."""
    starts = list(range(-padding, n + padding - kernel + 1, stride))
    if ceil_mode:
        following = starts[-1] + stride if starts else -padding
        covered = starts[-1] + kernel if starts else -padding
        if covered < n + padding and following < n:
            starts.append(following)
    return [(a, min(a + kernel, n + padding)) for a in starts]


def prepare(x, kernel, stride, padding, ceil_mode):
    pairs = [v if isinstance(v, tuple) else (v, v) for v in (kernel, kernel if stride is None else stride, padding)]
    if np.any(2 * np.array(pairs[2]) > np.array(pairs[0])):
        raise ValueError(f"padding {padding} exceeds half of kernel {kernel}")
    (kh, kw), (sh, sw), (ph, pw) = pairs
    return windows(x.shape[2], kh, sh, ph, ceil_mode), windows(x.shape[3], kw, sw, pw, ceil_mode)


def sums(x, rows, cols):
    n, c, h, w = x.shape
    table = np.zeros((n, c, h + 1, w + 1))
    table[:, :, 1:, 1:] = np.cumsum(np.cumsum(x, axis=2, dtype=float), axis=3)
    t, b = np.clip(np.array(rows).T, 0, h)
    a, z = np.clip(np.array(cols).T, 0, w)
    strips = table[:, :, b] - table[:, :, t]
    return strips[:, :, :, z] - strips[:, :, :, a]


def max_pool2d(x, kernel, stride=None, padding=0, ceil_mode=False):
    rows, cols = prepare(x, kernel, stride, padding, ceil_mode)
    out = np.array(x, dtype=float)
    out = np.concatenate([out[:, :, max(a, 0) : b].max(2, keepdims=True) for a, b in rows], axis=2)
    return np.concatenate([out[:, :, :, max(a, 0) : b].max(3, keepdims=True) for a, b in cols], axis=3)


def global_avg_pool2d(x):
    return np.array([[plane.mean(dtype=float) for plane in image] for image in x])


def adaptive_avg_pool2d(x, output_size):
    if isinstance(output_size, int):
        output_size = (output_size, output_size)
    rows, cols = ([(i * n // o, -(-(i + 1) * n // o)) for i in range(o)] for n, o in zip(x.shape[2:], output_size))
    areas = np.outer([b - a for a, b in rows], [b - a for a, b in cols])
    return sums(x, rows, cols) / areas


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
        x,
        kernel,
        stride,
        padding,
        ceil_mode,
        count_include_pad,
        size=lambda n, k, s, p, c: (-(-(n + 2 * p - k) // s) if c else (n + 2 * p - k) // s) + 1,
    )
