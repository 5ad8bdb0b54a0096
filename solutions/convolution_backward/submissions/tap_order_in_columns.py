# /// answer
# mistake = "tap-order-in-columns"
# title = "In dx the weights' axes are in another order than the columns'"
# hint = "If the rows of the columns are in the order (C, kH, kW), so must be the weights: w.reshape(F, -1) without a transpose."
# points = {conv2d_backward = 32.95, numerical_grad = 14, rel_error = 8}
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
    dcols = w64.transpose(0, 2, 3, 1).reshape(F, -1).T @ g
    dx = np.zeros(x.shape)
    np.add.at(dx, (slice(None), c, r, s), dcols)
    return dx[:, :, ph:Hp - ph, pw:Wp - pw], dw, db


def numerical_grad(f, x, eps=1e-5):
    if x.dtype != np.float64:
        x = x.astype(np.float64)
    grad = np.zeros(x.shape)
    it = np.nditer(x, flags=["multi_index"])
    while not it.finished:
        ix = it.multi_index
        oldval = x[ix]
        x[ix] = oldval + eps
        pos = f(x)
        x[ix] = oldval - eps
        neg = f(x)
        x[ix] = oldval
        grad[ix] = (pos - neg) / (2.0 * eps)
        it.iternext()
    return grad


def rel_error(a, b):
    worst = 0.0
    for p, q in zip(a.ravel().tolist(), b.ravel().tolist()):
        worst = max(worst, abs(p - q) / max(1e-8, abs(p) + abs(q)))
    return worst
