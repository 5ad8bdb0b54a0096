# /// answer
# mistake = "only-first-image"
# title = "Only the first image is computed"
# hint = "The first axis is the batch: every image gets its result."
# points = {conv2d_grouped = 4.805556, pointwise_conv = 7, depthwise_conv2d = 9, depthwise_separable = 8, separable_ratio = 3}
# ///
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def to_pair(v):
    return v if isinstance(v, (tuple, list)) else (v, v)


def windows(x, kernel, stride, padding):
    (sh, sw), (ph, pw) = to_pair(stride), to_pair(padding)
    x = np.pad(x.astype(np.float64), ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    return sliding_window_view(x, kernel, axis=(2, 3))[:, :, ::sh, ::sw]


def right_conv2d_grouped(x, w, b=None, stride=1, padding=0, groups=1):
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


def pointwise_conv(x, w, b=None):
    out = np.einsum("nchw,fc->nfhw", x.astype(np.float64), w)
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


def conv2d_grouped(x, w, b=None, stride=1, padding=0, groups=1):
    return right_conv2d_grouped(x[:1], w, b, stride, padding, groups)
