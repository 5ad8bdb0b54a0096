# /// answer
# right = true
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
    if ph:
        dxp = dxp[:, :, ph:-ph]
    if pw:
        dxp = dxp[:, :, :, pw:-pw]
    db = dout.sum(axis=(0, 2, 3))
    return dxp, dw, db


def numerical_grad(f, x, eps=1e-5):
    x = x if x.dtype == np.float64 else x.astype(np.float64)
    grad = np.empty(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += eps
        up = f(x)
        x[i] -= 2 * eps
        down = f(x)
        x[i] += eps
        grad[i] = 0.5 * (up - down) / eps
    return grad


def rel_error(a, b):
    a = a.astype("float64")
    b = b.astype("float64")
    num = abs(a - b)
    den = abs(a) + abs(b)
    return max(n / max(d, 1e-8) for n, d in zip(num.flat, den.flat))
