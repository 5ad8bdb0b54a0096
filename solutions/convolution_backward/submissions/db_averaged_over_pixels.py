# /// answer
# mistake = "db-averaged"
# title = "db is a mean"
# hint = "The bias was added to every output pixel, so its gradient is the sum over all of them."
# points = {conv2d_backward = 37.333333, numerical_grad = 14, rel_error = 8}
# ///
import numpy as np


def hw(v):
    return (v, v) if isinstance(v, int) else tuple(v)


def conv2d_backward(dout, x, w, stride=1, padding=0, dilation=1):
    dout, x, w = (np.asarray(a, dtype=np.float64) for a in (dout, x, w))
    (sh, sw), (ph, pw), (dh, dw_) = hw(stride), hw(padding), hw(dilation)
    n, c, h, wd = x.shape
    f, _, kh, kw = w.shape
    oh, ow = dout.shape[2:]
    px = np.zeros((n, c, h + 2 * ph, wd + 2 * pw))
    px[:, :, ph:ph + h, pw:pw + wd] = x
    gx = np.zeros_like(px)
    gw = np.zeros_like(w)
    for b in range(n):
        for k in range(f):
            for i in range(oh):
                for j in range(ow):
                    win = np.s_[b, :, i * sh:i * sh + dh * (kh - 1) + 1:dh, j * sw:j * sw + dw_ * (kw - 1) + 1:dw_]
                    g = dout[b, k, i, j]
                    gx[win] += g * w[k]
                    gw[k] += g * px[win]
    gb = dout.sum(axis=0).mean(axis=(1, 2))
    return gx[:, :, ph:ph + h, pw:pw + wd].copy(), gw, gb


def numerical_grad(f, x, eps=1e-5):
    base = np.array(x, dtype=np.float64)
    grad = np.empty_like(base)
    for place in np.ndindex(base.shape):
        up = base.copy()
        up[place] += eps
        down = base.copy()
        down[place] -= eps
        grad[place] = (f(up) - f(down)) / (2 * eps)
    return grad


def rel_error(a, b):
    a = np.asarray(a, dtype=np.float64)
    b = np.asarray(b, dtype=np.float64)
    return float(np.max(np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b))))
