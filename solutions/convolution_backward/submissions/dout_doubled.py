# /// answer
# mistake = "dout-mutated"
# title = "Images are added up inside dout"
# hint = "dout belongs to the caller: dout[0] += dout[n] changes it. dout.sum(axis=0) is a new array."
# points = {conv2d_backward = 45.333333, numerical_grad = 14, rel_error = 8}
# ///
import numpy as np


def pair(v):
    return (v, v) if isinstance(v, int) else v


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
    r = back(dout, x, w, stride, padding, dilation)[1:]
    dout *= 2
    return r
