# /// answer
# mistake = "db-wrong-axes"
# title = "db is summed over the wrong axes"
# hint = "There is one bias for each filter: axis 1 stays, and 0, 2 and 3 go."
# points = {conv2d_backward = 37.333333, numerical_grad = 14, rel_error = 8}
# ///
import numpy as np


def pair(v):
    return (v, v) if isinstance(v, int) else v


def conv2d_backward(dout, x, w, stride=1, padding=0, dilation=1):
    (sh, sw), (ph, pw), (dh, dw_) = pair(stride), pair(padding), pair(dilation)
    dout, w = dout.astype(np.float64), w.astype(np.float64)
    N, C, H, W = x.shape
    F, _, kH, kW = w.shape
    Ho, Wo = dout.shape[2:]
    xp = np.pad(x.astype(np.float64), ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    dxp = np.zeros(xp.shape)
    dw = np.zeros(w.shape)
    for u in range(kH):
        for v in range(kW):
            rows = slice(u * dh, u * dh + (Ho - 1) * sh + 1, sh)
            cols = slice(v * dw_, v * dw_ + (Wo - 1) * sw + 1, sw)
            dxp[:, :, rows, cols] += np.tensordot(dout, w[:, :, u, v], axes=(1, 0)).transpose(0, 3, 1, 2)
            dw[:, :, u, v] = np.tensordot(dout, xp[:, :, rows, cols], axes=([0, 2, 3], [0, 2, 3]))
    dx = dxp[:, :, ph:ph + H, pw:pw + W]
    db = dout.sum(axis=(0, 1, 2))
    return dx, dw, db


def numerical_grad(f, x, eps=1e-5):
    x = x.astype(np.float64)
    grad = np.zeros(x.shape)
    for i in np.ndindex(*x.shape):
        step = np.zeros(x.shape)
        step[i] = eps
        grad[i] = (f(x + step) - f(x - step)) / (2 * eps)
    return grad


def rel_error(a, b):
    a, b = a.astype(float), b.astype(float)
    return np.max(np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b)))
