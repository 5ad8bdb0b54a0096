# /// answer
# mistake = "square-only"
# title = "One size stands for both height and width"
# hint = "Images and kernels may be rectangular: compute H' from H and kH, and W' from W and kW."
# points = {pad2d = 10, cross_correlate2d = 15, conv2d = 6.375}
# ///
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def _as_pair(value):
    try:
        h, w = value
    except TypeError:
        h = w = value
    return h, w


def pad2d(x, pad, value=0.0):
    top, bottom, left, right = pad
    return np.pad(np.asarray(x, dtype=np.float64), [(0, 0), (0, 0), (top, bottom), (left, right)], constant_values=value)


def cross_correlate2d(img, k):
    windows = sliding_window_view(np.asarray(img, dtype=np.float64), np.shape(k))
    return np.einsum("ijuv,uv->ij", windows, np.asarray(k, dtype=np.float64))


def conv2d(x, w, b=None, stride=1, padding=0, dilation=1):
    sh, sw = _as_pair(stride)
    ph, pw = _as_pair(padding)
    dh, dw = _as_pair(dilation)
    w = np.asarray(w, dtype=np.float64)
    kh = kw = w.shape[-1]
    xp = pad2d(x, (ph, ph, pw, pw))
    windows = sliding_window_view(xp, (dh * (kh - 1) + 1, dw * (kw - 1) + 1), axis=(2, 3))
    windows = windows[:, :, ::sh, ::sw, ::dh, ::dw]
    y = np.einsum("ncijuv,fcuv->nfij", windows, w, optimize=True)
    return y if b is None else y + np.asarray(b, dtype=np.float64).reshape(1, -1, 1, 1)
