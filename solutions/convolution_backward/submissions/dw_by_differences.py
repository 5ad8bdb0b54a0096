# /// answer
# mistake = "dw-by-differences"
# title = "dw is found by trying every weight"
# hint = "numerical_grad is for checking: it needs two forward passes for each weight. dw has a formula, as short as that of dx."
# points = {conv2d_backward = 46, numerical_grad = 14, rel_error = 8}
# ///
import numpy as np
from support import conv2d


def pair(v):
    return (v, v) if isinstance(v, int) else v


def conv2d_backward(dout, x, w, stride=1, padding=0, dilation=1):
    (sh, sw), (ph, pw), (dh, dw_) = pair(stride), pair(padding), pair(dilation)
    dout, w = dout.astype(np.float64), w.astype(np.float64)
    N, C, H, W = x.shape
    F, _, kH, kW = w.shape
    Ho, Wo = dout.shape[2:]
    dxp = np.zeros((N, C, H + 2 * ph, W + 2 * pw))
    for u in range(kH):
        for v in range(kW):
            rows = slice(u * dh, u * dh + (Ho - 1) * sh + 1, sh)
            cols = slice(v * dw_, v * dw_ + (Wo - 1) * sw + 1, sw)
            dxp[:, :, rows, cols] += np.tensordot(dout, w[:, :, u, v], axes=(1, 0)).transpose(0, 3, 1, 2)
    dx = dxp[:, :, ph:ph + H, pw:pw + W]
    dw = numerical_grad(lambda a: float(np.sum(dout * conv2d(x, a, None, stride, padding, dilation))), w, 0.5)
    db = dout.sum(axis=(0, 2, 3))
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
