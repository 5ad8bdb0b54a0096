# /// answer
# right = true
# ///
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def pad2d(x, pad, value=0.0):
    top, bottom, left, right = pad
    width = [(0, 0), (0, 0), (top, bottom), (left, right)]
    return np.pad(x.astype(np.float64), width, mode="constant", constant_values=value)


def cross_correlate2d(img, k):
    return np.einsum("hwuv,uv->hw", sliding_window_view(img, k.shape), k).astype(np.float64)


def conv2d(x, w, b=None, stride=1, padding=0, dilation=1):
    (sh, sw), (ph, pw), (dh, dw) = (np.broadcast_to(v, 2) for v in (stride, padding, dilation))
    x = pad2d(x, (ph, ph, pw, pw))
    extent = (dh * (w.shape[2] - 1) + 1, dw * (w.shape[3] - 1) + 1)
    windows = sliding_window_view(x, extent, axis=(2, 3))[:, :, ::sh, ::sw, ::dh, ::dw]
    y = np.einsum("nchwuv,fcuv->nfhw", windows, w)
    if b is not None:
        y = y + b[None, :, None, None]
    return y
