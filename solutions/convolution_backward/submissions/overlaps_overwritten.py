# /// answer
# mistake = "overlaps-overwritten"
# title = "Where windows overlap, the last one overwrites the others in dx"
# hint = "A pixel under several windows collects from all of them, and from all filters: dp[...] += ..., or np.add.at where an index array names a place twice."
# points = {conv2d_backward = 27.333333, numerical_grad = 14, rel_error = 8}
# ///
import numpy as np


def pair(v):
    return (v, v) if isinstance(v, int) else v


def conv2d_backward(dout, x, w, stride=1, padding=0, dilation=1):
    sh, sw = pair(stride)
    ph, pw = pair(padding)
    dh, dv = pair(dilation)
    N, C, H, W = x.shape
    F, _, kH, kW = w.shape
    Ho, Wo = dout.shape[2], dout.shape[3]
    eh, ew = dh * (kH - 1) + 1, dv * (kW - 1) + 1
    x_pad = np.zeros((N, C, H + 2 * ph, W + 2 * pw))
    x_pad[:, :, ph:ph + H, pw:pw + W] = x
    dx_pad = np.zeros_like(x_pad)
    dw = np.zeros(w.shape)
    db = np.zeros(F)
    for n in range(N):
        for f in range(F):
            for i in range(Ho):
                for j in range(Wo):
                    g = float(dout[n, f, i, j])
                    hs = slice(i * sh, i * sh + eh, dh)
                    ws = slice(j * sw, j * sw + ew, dv)
                    dx_pad[n, :, hs, ws] = g * w[f]
                    dw[f] += g * x_pad[n, :, hs, ws]
                    db[f] += g
    dx = dx_pad[:, :, ph:ph + H, pw:pw + W]
    return dx, dw, db


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
