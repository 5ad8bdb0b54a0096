# /// answer
# mistake = "multiplier-order"
# title = "The maps of one channel are C apart"
# hint = "Map c*m + j belongs to channel c: repeat each channel m times (np.repeat), don't repeat the row of channels (np.tile)."
# points = {conv2d_grouped = 18, pointwise_conv = 7, depthwise_conv2d = 3.866667, depthwise_separable = 8, separable_ratio = 3}
# ///
import numpy as np


def two(value):
    if isinstance(value, int):
        return value, value
    return tuple(value)


def taps(x, kernel, stride, padding):
    """For every tap of the kernel: its place and the pixels it meets."""
    (sh, sw), (ph, pw) = two(stride), two(padding)
    x = np.pad(np.asarray(x, dtype=np.float64), [(0, 0), (0, 0), (ph, ph), (pw, pw)])
    rows = (x.shape[2] - kernel[0]) // sh + 1
    cols = (x.shape[3] - kernel[1]) // sw + 1
    for u in range(kernel[0]):
        for v in range(kernel[1]):
            yield u, v, x[:, :, u : u + sh * (rows - 1) + 1 : sh, v : v + sw * (cols - 1) + 1 : sw]


def conv2d_grouped(x, w, b=None, stride=1, padding=0, groups=1):
    c, f = x.shape[1], w.shape[0]
    if c % groups > 0 or f % groups > 0:
        raise ValueError(f"{groups} groups do not divide {c} channels and {f} filters")
    w = w.reshape(groups, f // groups, c // groups, *w.shape[2:])
    y = 0
    for u, v, seen in taps(x, w.shape[3:], stride, padding):
        n, _, h, width = seen.shape
        seen = seen.reshape(n, groups, c // groups, h, width)
        y = y + np.einsum("ngchw,gfc->ngfhw", seen, w[..., u, v])
    y = y.reshape(n, f, h, width)
    return y if b is None else y + b[:, None, None]


def pointwise_conv(x, w, b=None):
    y = np.moveaxis(np.moveaxis(x, 1, -1).astype(np.float64) @ w.T, -1, 1)
    return y if b is None else y + b[:, None, None]


def depthwise_separable(x, dw, pw, stride=1, padding=0):
    return pointwise_conv(depthwise_conv2d(x, dw, stride=stride, padding=padding), pw)


def separable_ratio(c_out, k):
    standard = c_out * k * k
    separable = k * k + c_out
    return separable / standard


def _duo(a):
    return (a, a) if isinstance(a, (int, np.integer)) else tuple(a)


def _conv(x, w, stride, padding):
    (sh, sw), (ph, pw) = _duo(stride), _duo(padding)
    p = np.pad(np.asarray(x, float), ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    w = np.asarray(w, float)
    win = np.lib.stride_tricks.sliding_window_view(p, w.shape[2:], (2, 3))[:, :, ::sh, ::sw]
    return np.einsum("nchwuv,fcuv->nfhw", win, w)


def depthwise_conv2d(x, w, stride=1, padding=0):
    c = x.shape[1]
    m = len(w) // c
    maps = []
    for j in range(m):
        for ch in range(c):
            maps.append(_conv(x[:, ch : ch + 1], w[ch * m + j : ch * m + j + 1], stride, padding))
    return np.concatenate(maps, axis=1)
