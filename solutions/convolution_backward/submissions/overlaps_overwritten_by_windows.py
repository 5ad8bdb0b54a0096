# /// answer
# mistake = "overlaps-overwritten"
# title = "Where windows overlap, the last one overwrites the others in dx"
# hint = "A pixel under several windows collects from all of them, and from all filters: dp[...] += ..., or np.add.at where an index array names a place twice."
# points = {conv2d_backward = 32.083333, numerical_grad = 14, rel_error = 8}
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
    (sh, sw), (ph, pw), (dh, dv) = two(stride), two(padding), two(dilation)
    _, _, dw, db = back(dout, x, w, stride, padding, dilation)
    n, c, h, wd = x.shape
    oh, ow = dout.shape[2:]
    dxp = np.zeros((n, c, h + 2 * ph, wd + 2 * pw))
    for i in range(oh):
        for j in range(ow):
            dxp[
                :, :, i * sh : i * sh + dh * (w.shape[2] - 1) + 1 : dh, j * sw : j * sw + dv * (w.shape[3] - 1) + 1 : dv
            ] = np.einsum("nf,fcuv->ncuv", dout[:, :, i, j].astype(float), w.astype(float))
    return dxp[:, :, ph : ph + h, pw : pw + wd], dw, db
