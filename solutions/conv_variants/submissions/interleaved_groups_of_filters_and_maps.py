# /// answer
# mistake = "interleaved-groups"
# title = "The groups are interleaved"
# hint = "A group has neighbours: channels g*C/G up to (g+1)*C/G, filters and maps g*F/G up to (g+1)*F/G, not every G-th one."
# points = {conv2d_grouped = 6.166667, pointwise_conv = 7, depthwise_conv2d = 3.866667, depthwise_separable = 8, separable_ratio = 3}
# ///
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def hw(v):
    return (v, v) if np.ndim(v) == 0 else (v[0], v[1])


def conv2d_grouped(x, w, b=None, stride=1, padding=0, groups=1):
    N, C, H, W = x.shape
    F, per_group, kh, kw = w.shape
    if C % groups != 0 or F % groups != 0:
        raise ValueError("groups must divide the channels and the filters")
    sh, sw = hw(stride)
    ph, pw = hw(padding)
    x = np.pad(x.astype(np.float64), ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    w = w.astype(np.float64)
    windows = sliding_window_view(x, (kh, kw), axis=(2, 3))[:, :, ::sh, ::sw]
    c, f = C // groups, F // groups
    maps = []
    for g in range(groups):
        part = windows[:, g * c:(g + 1) * c]
        kernels = w[g::groups]
        maps.append(np.einsum("ncijuv,fcuv->nfij", part, kernels))
    y = np.empty((N, F) + maps[0].shape[2:])
    for g in range(groups):
        y[:, g::groups] = maps[g]
    if b is not None:
        y = y + b[None, :, None, None]
    return y


def pointwise_conv(x, w, b=None):
    y = np.einsum("fc,nchw->nfhw", w.astype(np.float64), x.astype(np.float64))
    if b is not None:
        y += b.reshape(1, -1, 1, 1)
    return y


def depthwise_conv2d(x, w, stride=1, padding=0):
    return conv2d_grouped(x, w, None, stride, padding, groups=x.shape[1])


def depthwise_separable(x, dw, pw, stride=1, padding=0):
    middle = depthwise_conv2d(x, dw, stride, padding)
    return pointwise_conv(middle, pw)


def separable_ratio(c_out, k):
    return 1.0 / c_out + 1.0 / (k * k)
