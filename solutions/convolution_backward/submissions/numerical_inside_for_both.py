# /// answer
# mistake = "numerical-inside"
# title = "conv2d_backward tries every element out"
# hint = "numerical_grad is for checking: it needs two forward passes for each element. Write the formulas down instead."
# points = {conv2d_backward = 8, numerical_grad = 14, rel_error = 8}
# ///
import numpy as np


def as_pair(v):
    try:
        a, b = v
    except TypeError:
        a = b = v
    return int(a), int(b)


def places(size, k, s, d, out):
    return s * np.arange(out)[:, None] + d * np.arange(k)[None, :]


def conv2d_backward(dout, x, w, stride=1, padding=0, dilation=1):
    sh, sw = as_pair(stride)
    ph, pw = as_pair(padding)
    dh, dv = as_pair(dilation)
    N, C, H, W = x.shape
    F, _, kh, kw = w.shape
    oh, ow = dout.shape[2:]
    xp = np.pad(np.asarray(x, np.float64), ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    r = places(H, kh, sh, dh, oh)[:, None, :, None]
    q = places(W, kw, sw, dv, ow)[None, :, None, :]
    cols = xp[:, :, r, q]
    g = np.asarray(dout, np.float64)
    k = np.asarray(w, np.float64)
    db = g.transpose(1, 0, 2, 3).reshape(F, -1).sum(axis=1)

    def loss(z):
        zp = np.pad(z, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
        y = np.einsum("ncijuv,fcuv->nfij", zp[:, :, r, q], k)
        return float((y * g).sum())

    def loss_of_w(z):
        return float((np.einsum("ncijuv,fcuv->nfij", cols, z) * g).sum())

    return numerical_grad(loss, np.asarray(x, np.float64)), numerical_grad(loss_of_w, k), db


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
