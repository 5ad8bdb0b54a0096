# /// answer
# mistake = "left-over-at-the-top"
# title = "rows that no window reached are taken from the top"
# hint = "What the stride leaves over lies at the bottom and at the right: the gradient fills the padded image from its first row."
# points = {conv2d_backward = 39.666667, numerical_grad = 14, rel_error = 8}
# ///
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def P(a): return (a, a) if isinstance(a, int) else tuple(a)


def spread(a, s):
    n, f, h, w = a.shape
    out = np.zeros((n, f, (h - 1) * s[0] + 1, (w - 1) * s[1] + 1))
    out[:, :, ::s[0], ::s[1]] = a
    return out


def conv2d_backward(dout, x, w, stride=1, padding=0, dilation=1):
    s, p, d = P(stride), P(padding), P(dilation)
    x = np.asarray(x, dtype=np.float64); w = np.asarray(w, dtype=np.float64)
    N, C, H, W = x.shape
    F, _, kh, kw = w.shape
    up = spread(dout, s)
    wide = spread(w, d)
    eh, ew = wide.shape[2:]
    # dw: correlate padded x with upsampled dout
    xp = np.pad(x, ((0, 0), (0, 0), (p[0],) * 2, (p[1],) * 2))
    v = sliding_window_view(xp, up.shape[2:], axis=(2, 3))[:, :, :eh:d[0], :ew:d[1]]
    dw = np.einsum("ncuvij,nfij->fcuv", v, up, optimize=True)
    # dx: full correlation with the turned kernel
    full = np.pad(up, ((0, 0), (0, 0), (eh - 1, eh - 1), (ew - 1, ew - 1)))
    v = sliding_window_view(full, (eh, ew), axis=(2, 3))
    part = np.einsum("nfijuv,fcuv->ncij", v, wide[:, :, ::-1, ::-1], optimize=True)
    dxp = np.zeros(xp.shape)
    dxp[:, :, -part.shape[2]:, -part.shape[3]:] = part
    return dxp[:, :, p[0]:p[0] + H, p[1]:p[1] + W], dw, up.sum((0, 2, 3))


def numerical_grad(f, x, eps=1e-5):
    base = x.astype(np.float64)
    out = np.empty(base.shape)
    for ix, _ in np.ndenumerate(base):
        hi, lo = base.copy(), base.copy()
        hi[ix] += eps
        lo[ix] -= eps
        out[ix] = (f(hi) - f(lo)) / eps / 2
    return out


def rel_error(a, b):
    top = abs(a.astype(float) - b.astype(float))
    bottom = abs(a.astype(float)) + abs(b.astype(float))
    bottom[bottom < 1e-8] = 1e-8
    return (top / bottom).max().item()
