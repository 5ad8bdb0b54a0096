# /// answer
# mistake = "height-width-swapped"
# title = "A pair is read as (width, height)"
# hint = "A pair is always (height, width): stride=(2, 3) moves 2 rows down and 3 columns across."
# points = {pad2d = 10, cross_correlate2d = 15, conv2d = 24.5}
# ///
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def as_pair(v):
    if np.isscalar(v):
        return int(v), int(v)
    h, w = v
    return int(h), int(w)


def pad2d(x, pad, value=0.0):
    top, bottom, left, right = pad
    return np.pad(np.asarray(x, dtype=np.float64), ((0, 0), (0, 0), (top, bottom), (left, right)), constant_values=value)


def cross_correlate2d(img, k):
    windows = sliding_window_view(np.asarray(img, dtype=np.float64), k.shape)
    return (windows * k).sum(axis=(-2, -1))


def conv2d(x, w, b=None, stride=1, padding=0, dilation=1):
    sh, sw = as_pair(stride)
    pw, ph = as_pair(padding)
    dh, dw = as_pair(dilation)
    p = pad2d(x, (ph, ph, pw, pw))
    _, _, kh, kw = w.shape
    windows = sliding_window_view(p, (dh * (kh - 1) + 1, dw * (kw - 1) + 1), axis=(2, 3))
    windows = windows[:, :, ::sh, ::sw, ::dh, ::dw]
    y = np.einsum("ncijuv,fcuv->nfij", windows, np.asarray(w, dtype=np.float64))
    if b is not None:
        y = y + np.asarray(b, dtype=np.float64)[None, :, None, None]
    return y
