# /// answer
# mistake = "zero-padding-max"
# title = "padding counts as 0 in a maximum"
# hint = "Where all values are negative, a zero wins. Pad with minus infinity, or cut the window at the border."
# points = {max_pool2d = 11.15, avg_pool2d = 18, global_avg_pool2d = 5, adaptive_avg_pool2d = 14}
# ///
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


def avg_pool2d(x, kernel, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    kernel, stride, padding, size, pads = _setup(x.shape, kernel, stride, padding, ceil_mode)
    counts = np.ones((1, 1, *x.shape[2:]))
    if count_include_pad:
        (ph, pw), (top, left) = padding, (pads[0][1], pads[1][1])
        counts = np.ones((1, 1, x.shape[2] + ph + min(ph, top), x.shape[3] + pw + min(pw, left)))
        rest = ((0, 0), (0, 0), (0, max(0, top - ph)), (0, max(0, left - pw)))
        counts = np.pad(counts, rest)
    else:
        counts = np.pad(counts, ((0, 0), (0, 0), *pads))
    x = np.pad(x.astype(np.float64), ((0, 0), (0, 0), *pads))
    total = _windows(x, kernel, stride, size).sum(axis=(-2, -1))
    return total / _windows(counts, kernel, stride, size).sum(axis=(-2, -1))


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


def _duo(a):
    return (a, a) if isinstance(a, (int, np.integer)) else tuple(a)


def _refuse(k, p):
    if p[0] * 2 > k[0] or p[1] * 2 > k[1]:
        raise ValueError("padding too large")


def _n(n, k, s, p, ceil):
    o = (n + 2 * p - k + (s - 1 if ceil else 0)) // s + 1
    if ceil and (o - 1) * s >= n + p:
        o -= 1
    return o


def max_pool2d(x, kernel, stride=None, padding=0, ceil_mode=False):
    k, p = _duo(kernel), _duo(padding)
    s = k if stride is None else _duo(stride)
    _refuse(k, p)
    n, c, h, w = x.shape
    oh, ow = _n(h, k[0], s[0], p[0], ceil_mode), _n(w, k[1], s[1], p[1], ceil_mode)
    big = np.full((n, c, h + 2 * p[0] + s[0], w + 2 * p[1] + s[1]), -np.inf)
    big[:, :, : h + 2 * p[0], : w + 2 * p[1]] = 0
    big[:, :, p[0] : p[0] + h, p[1] : p[1] + w] = x
    out = np.empty((n, c, oh, ow))
    for i in range(oh):
        for j in range(ow):
            out[:, :, i, j] = big[:, :, i * s[0] : i * s[0] + k[0], j * s[1] : j * s[1] + k[1]].max((2, 3))
    return out
