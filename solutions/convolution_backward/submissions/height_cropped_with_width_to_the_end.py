# /// answer
# mistake = "height-cropped-with-width"
# title = "The rows are cut off by the width's padding"
# hint = "Padding is a pair (height, width): rows pH to pH + H, columns pW to pW + W."
# points = {conv2d_backward = 42.933333, numerical_grad = 14, rel_error = 8}
# ///
import numpy as np


def pair(v):
    return (v, v) if isinstance(v, int) else v


def correlate(x, k, stride=(1, 1), dilation=(1, 1)):
    """(N, C, H, W) with (F, C, kH, kW), no padding."""
    kH, kW = k.shape[2:]
    eh, ew = dilation[0] * (kH - 1) + 1, dilation[1] * (kW - 1) + 1
    win = np.lib.stride_tricks.sliding_window_view(x, (eh, ew), axis=(2, 3))
    win = win[:, :, :: stride[0], :: stride[1], :: dilation[0], :: dilation[1]]
    return np.einsum("nchwuv,fcuv->nfhw", win, k)


def numerical_grad(f, x, eps=1e-5):
    x = np.array(x, dtype=np.float64)
    grad = np.zeros_like(x)
    for idx in np.ndindex(x.shape):
        old = x[idx]
        x[idx] = old + eps
        fp = f(x)
        x[idx] = old - eps
        fm = f(x)
        x[idx] = old
        grad[idx] = (fp - fm) / (2 * eps)
    return grad


def rel_error(a, b):
    a, b = a.astype(float), b.astype(float)
    return np.max(np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b)))


def two(v):
    return (v, v) if np.isscalar(v) else tuple(v)


def back(dout, x, w, stride, padding, dilation, sdx=None):
    dout, w = np.asarray(dout, float), np.asarray(w, float)
    (sh, sw), (ph, pw), (dh, dw_) = two(stride), two(padding), two(dilation)
    n, c, h, wd = x.shape
    f, _, a, b = w.shape
    oh, ow = dout.shape[2:]
    xp = np.pad(np.asarray(x, float), ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    dxp = np.zeros_like(xp)
    dw = np.zeros(w.shape)
    for u in range(a):
        for v in range(b):
            sl = np.s_[:, :, u * dh : u * dh + sh * (oh - 1) + 1 : sh, v * dw_ : v * dw_ + sw * (ow - 1) + 1 : sw]
            dw[:, :, u, v] = np.einsum("nfij,ncij->fc", dout, xp[sl])
            dxp[sl] += np.einsum("nfij,fc->ncij", dout, w[:, :, u, v])
    return dxp, dxp[:, :, ph : ph + h, pw : pw + wd], dw, np.asarray(dout, float).sum((0, 2, 3))


def conv2d_backward(dout, x, w, stride=1, padding=0, dilation=1):
    ph, pw = two(padding)
    d, _, dw, db = back(dout, x, w, stride, padding, dilation)
    return d[:, :, pw : d.shape[2] - pw, pw : d.shape[3] - pw], dw, db
