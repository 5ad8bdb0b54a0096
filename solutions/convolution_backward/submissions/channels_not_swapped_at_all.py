# /// answer
# mistake = "channels-not-swapped"
# title = "In the full correlation, w's first two axes are not swapped"
# hint = "Backwards, filters come in and channels go out: w.transpose(1, 0, 2, 3). A reshape to (C, F, kH, kW) mixes them up."
# points = {conv2d_backward = 11.466667, numerical_grad = 14, rel_error = 8}
# ///
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view as windows


def pair(v):
    return (v, v) if np.isscalar(v) else tuple(v)


def spread(a, step):
    n, c, h, w = a.shape
    out = np.zeros((n, c, (h - 1) * step[0] + 1, (w - 1) * step[1] + 1))
    out[:, :, ::step[0], ::step[1]] = a
    return out


def correlate(a, k):
    return np.einsum("nchwij,fcij->nfhw", windows(a, k.shape[2:], axis=(2, 3)), k)


def grow(a, top, bottom, left, right):
    return np.pad(a, ((0, 0), (0, 0), (top, bottom), (left, right)))


def conv2d_backward(dout, x, w, stride=1, padding=0, dilation=1):
    stride, padding, dilation = pair(stride), pair(padding), pair(dilation)
    dout, x, w = dout.astype(np.float64), x.astype(np.float64), w.astype(np.float64)
    N, C, H, W = x.shape
    x_pad = grow(x, padding[0], padding[0], padding[1], padding[1])
    d = spread(dout, stride)
    k = spread(w, dilation)
    kh, kw = k.shape[2:]
    rest_h = x_pad.shape[2] - (d.shape[2] + kh - 1)
    rest_w = x_pad.shape[3] - (d.shape[3] + kw - 1)
    full = grow(d, kh - 1, kh - 1 + rest_h, kw - 1, kw - 1 + rest_w)
    turned = k[:, :, ::-1, ::-1]
    dx = correlate(full, turned)[:, :, padding[0]:padding[0] + H, padding[1]:padding[1] + W]
    seen = x_pad[:, :, :x_pad.shape[2] - rest_h, :x_pad.shape[3] - rest_w]
    dw = correlate(seen.transpose(1, 0, 2, 3), d.transpose(1, 0, 2, 3)).transpose(1, 0, 2, 3)
    dw = dw[:, :, ::dilation[0], ::dilation[1]]
    db = np.einsum("nfij->f", dout)
    return dx, dw, db


def numerical_grad(f, x, eps=1e-5):
    point = np.array(x, dtype=float)
    out = np.empty(point.shape)
    for where in np.ndindex(*point.shape):
        old = point[where]
        point[where] = old + eps
        high = f(point)
        point[where] = old - eps
        low = f(point)
        point[where] = old
        out[where] = (high - low) / (2 * eps)
    return out


def rel_error(a, b):
    a, b = np.asarray(a, float), np.asarray(b, float)
    return float((np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b))).max())
