# /// answer
# mistake = "hard-coded-strides"
# title = "The strides are worked out from the shape"
# hint = "A transposed array has other strides than its shape suggests: take x.strides, or use sliding_window_view."
# points = {conv2d_grouped = 17, pointwise_conv = 7, depthwise_conv2d = 9, depthwise_separable = 8, separable_ratio = 3}
# ///
import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view


def to_pair(v):
    return v if isinstance(v, (tuple, list)) else (v, v)


def windows(x, kernel, stride, padding):
    (sh, sw), (ph, pw) = to_pair(stride), to_pair(padding)
    x = np.pad(x.astype(np.float64), ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    return sliding_window_view(x, kernel, axis=(2, 3))[:, :, ::sh, ::sw]


def conv2d_grouped(x, w, b=None, stride=1, padding=0, groups=1):
    (sh, sw), (ph, pw) = to_pair(stride), to_pair(padding)
    N, C, H, W = x.shape
    F, Cg, kH, kW = w.shape
    if C % groups or F % groups:
        raise ValueError("groups")
    w = as_strided(w, (groups, F // groups, Cg, kH, kW), [w.itemsize * s for s in (F // groups * Cg * kH * kW, Cg * kH * kW, kH * kW, kW, 1)])
    x = np.pad(x.astype(float, order="C"), ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    win = sliding_window_view(x, (kH, kW), axis=(2, 3))[:, :, ::sh, ::sw]
    win = win.reshape(N, groups, Cg, *win.shape[2:])
    out = np.einsum("ngchwuv,gfcuv->ngfhw", win, w).reshape(N, F, *win.shape[3:5])
    return out if b is None else out + b.reshape(-1, 1, 1)


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
