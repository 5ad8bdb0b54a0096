# /// answer
# mistake = "overlaps-overwritten"
# title = "Where windows overlap, the last one overwrites the others in dx"
# hint = "A pixel under several windows collects from all of them, and from all filters: dp[...] += ..., or np.add.at where an index array names a place twice."
# points = {conv2d_backward = 32.083333, numerical_grad = 14, rel_error = 8}
# ///
import numpy as np


def pair(v):
    return (v, v) if isinstance(v, int) else v


def indices(C, kH, kW, Ho, Wo, sh, sw, dh, dv):
    c = np.repeat(np.arange(C), kH * kW)[:, None]
    r = np.tile(np.repeat(np.arange(kH) * dh, kW), C)[:, None] + np.repeat(np.arange(Ho) * sh, Wo)
    s = np.tile(np.arange(kW) * dv, kH * C)[:, None] + np.tile(np.arange(Wo) * sw, Ho)
    return c, r, s


def conv2d_backward(dout, x, w, stride=1, padding=0, dilation=1):
    (sh, sw), (ph, pw), (dh, dv) = pair(stride), pair(padding), pair(dilation)
    x = np.pad(x.astype(np.float64), [(0, 0), (0, 0), (ph, ph), (pw, pw)])
    w64 = w.astype(np.float64)
    N, C, Hp, Wp = x.shape
    F, _, kH, kW = w.shape
    c, r, s = indices(C, kH, kW, dout.shape[2], dout.shape[3], sh, sw, dh, dv)
    cols = x[:, c, r, s]
    g = dout.reshape(N, F, -1).astype(np.float64)
    db = g.sum(axis=2).sum(axis=0)
    dw = (g @ cols.transpose(0, 2, 1)).sum(axis=0).reshape(w.shape)
    dcols = w64.reshape(F, -1).T @ g
    dx = np.zeros(x.shape)
    dx[:, c, r, s] += dcols
    return dx[:, :, ph:Hp - ph, pw:Wp - pw], dw, db


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
