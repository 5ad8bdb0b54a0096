# /// answer
# mistake = "interleaved-groups"
# title = "The groups are interleaved"
# hint = "A group has neighbours: channels g*C/G up to (g+1)*C/G, filters and maps g*F/G up to (g+1)*F/G, not every G-th one."
# points = {conv2d_grouped = 1.388889, pointwise_conv = 7, depthwise_conv2d = 9, depthwise_separable = 8, separable_ratio = 3}
# ///
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def _hw(v):
    v = np.atleast_1d(v)
    return int(v[0]), int(v[-1])


def _one(x, w, stride, padding):
    """Plain convolution of (N, C, H, W) by (F, C, kh, kw)."""
    (sh, sw), (ph, pw) = _hw(stride), _hw(padding)
    xp = np.pad(np.asarray(x, dtype=np.float64), [(0, 0), (0, 0), (ph, ph), (pw, pw)])
    win = sliding_window_view(xp, w.shape[2:], axis=(2, 3))[:, :, ::sh, ::sw]
    return np.tensordot(win, np.asarray(w, dtype=np.float64), axes=([1, 4, 5], [1, 2, 3])).transpose(0, 3, 1, 2)


def conv2d_grouped(x, w, b=None, stride=1, padding=0, groups=1):
    C, F = x.shape[1], w.shape[0]
    if C % groups or F % groups:
        raise ValueError("not divisible")
    ci, fi = C // groups, F // groups
    parts = []
    for g in range(groups):
        parts.append(_one(x[:, g::groups], w[g::groups], stride, padding))
    y = np.concatenate(parts, axis=1)
    if b is not None:
        y += np.asarray(b)[None, :, None, None]
    return y


def pointwise_conv(x, w, b=None):
    return conv2d_grouped(x, w[:, :, None, None], b)


def depthwise_conv2d(x, w, stride=1, padding=0):
    C = x.shape[1]
    m = w.shape[0] // C
    maps = []
    for c in range(C):
        for j in range(m):
            maps.append(_one(x[:, c:c + 1], w[c * m + j:c * m + j + 1], stride, padding))
    return np.concatenate(maps, axis=1)


def depthwise_separable(x, dw, pw, stride=1, padding=0):
    return pointwise_conv(depthwise_conv2d(x, dw, stride, padding), pw)


def separable_ratio(c_out, k):
    return (k ** 2 + c_out) / (c_out * k ** 2)
