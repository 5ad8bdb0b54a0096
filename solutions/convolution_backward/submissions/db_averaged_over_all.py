# /// answer
# mistake = "db-averaged"
# title = "db is a mean"
# hint = "The bias was added to every output pixel, so its gradient is the sum over all of them."
# points = {conv2d_backward = 37.333333, numerical_grad = 14, rel_error = 8}
# ///
import numpy as np


def pair(v):
    return (v, v) if isinstance(v, int) else v


def indices(C, kH, kW, Ho, Wo, sh, sw, dh, dv):
    c = np.repeat(np.arange(C), kH * kW)[:, None]
    r = np.tile(np.repeat(np.arange(kH) * dh, kW), C)[:, None] + np.repeat(np.arange(Ho) * sh, Wo)
    s = np.tile(np.arange(kW) * dv, kH * C)[:, None] + np.tile(np.arange(Wo) * sw, Ho)
    return c, r, s


def numerical_grad(f, x, eps=1e-5):
    x = x.astype(np.float64)
    grad = np.zeros(x.shape)
    for i in np.ndindex(*x.shape):
        step = np.zeros(x.shape)
        step[i] = eps
        grad[i] = (f(x + step) - f(x - step)) / (2 * eps)
    return grad


def rel_error(a, b):
    a = np.asarray(a, dtype=np.float64)
    b = np.asarray(b, dtype=np.float64)
    size = np.abs(a) + np.abs(b)
    size[size < 1e-8] = 1e-8
    return float((np.abs(a - b) / size).max())


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
    _, dx, dw, db = back(dout, x, w, stride, padding, dilation)
    return dx, dw, np.mean(dout.astype(float), axis=(0, 2, 3))
