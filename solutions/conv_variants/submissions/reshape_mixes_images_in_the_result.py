# /// answer
# mistake = "reshape-mixes-images"
# title = "A reshape mixes images and channels"
# hint = "x.reshape(C, -1) takes its rows from wherever they lie in memory: move the channel axis to the front first, x.transpose(1, 0, 2, 3)."
# points = {conv2d_grouped = 18, pointwise_conv = 3, depthwise_conv2d = 9, depthwise_separable = 8, separable_ratio = 3}
# ///
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def to_pair(v):
    return v if isinstance(v, (tuple, list)) else (v, v)


def windows(x, kernel, stride, padding):
    (sh, sw), (ph, pw) = to_pair(stride), to_pair(padding)
    x = np.pad(x.astype(np.float64), ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    return sliding_window_view(x, kernel, axis=(2, 3))[:, :, ::sh, ::sw]


def conv2d_grouped(x, w, b=None, stride=1, padding=0, groups=1):
    if x.shape[1] % groups != 0:
        raise ValueError("in channels not divisible by groups")
    if w.shape[0] % groups != 0:
        raise ValueError("out channels not divisible by groups")
    win = windows(x, w.shape[2:], stride, padding)
    parts = []
    for xg, wg in zip(np.split(win, groups, axis=1), np.split(w, groups, axis=0)):
        parts.append(np.einsum("nchwuv,fcuv->nfhw", xg, wg))
    out = np.concatenate(parts, axis=1)
    if b is not None:
        out = out + b.reshape(1, -1, 1, 1)
    return out


def depthwise_conv2d(x, w, stride=1, padding=0):
    m = w.shape[0] // x.shape[1]
    win = windows(np.repeat(x, m, axis=1), w.shape[2:], stride, padding)
    return np.einsum("nchwuv,cuv->nchw", win, w[:, 0])


def depthwise_separable(x, dw, pw, stride=1, padding=0):
    win = windows(x, dw.shape[2:], stride, padding)
    depth = np.einsum("nchwuv,cuv->nchw", win, dw[:, 0])
    return np.einsum("nchw,fc->nfhw", depth, pw)


def separable_ratio(c_out, k):
    return (c_out + k * k) / (c_out * k * k)


def pointwise_conv(x, w, b=None):
    n, c, h, wd = x.shape
    y = (w @ x.transpose(1, 0, 2, 3).reshape(c, -1).astype(float)).reshape(n, len(w), h, wd)
    return y if b is None else y + b[:, None, None]
