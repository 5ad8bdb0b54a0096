# /// answer
# mistake = "unreached-rows-filled"
# title = "Rows that no window reached get a gradient"
# hint = "A row left over by the stride changes nothing in the output: its gradient is 0."
# points = {conv2d_backward = 41.666667, numerical_grad = 14, rel_error = 8}
# ///
import numpy as np


def two(v):
    return v if isinstance(v, tuple) else (v, v)


def conv2d_backward(dout, x, w, stride=1, padding=0, dilation=1):
    (sh, sw), (ph, pw), (dh, dw_) = two(stride), two(padding), two(dilation)
    dout, x, w = np.array(dout, float), np.array(x, float), np.array(w, float)
    n, c, h, wd = x.shape
    f, _, kh, kw = w.shape
    _, _, oh, ow = dout.shape
    eh, ew = (kh - 1) * dh + 1, (kw - 1) * dw_ + 1
    xpad = np.zeros((n, c, h + 2 * ph, wd + 2 * pw))
    xpad[:, :, ph:ph + h, pw:pw + wd] = x
    dxpad = np.zeros_like(xpad)
    dw = np.zeros_like(w)
    db = np.zeros(f)
    for b in range(n):
        for k in range(f):
            for i in range(oh):
                for j in range(ow):
                    g = dout[b, k, i, j]
                    top, left = i * sh, j * sw
                    rows = slice(top, top + eh, dh)
                    cols = slice(left, left + ew, dw_)
                    dxpad[b, :, rows, cols] += g * w[k]
                    dw[k] += g * xpad[b, :, rows, cols]
                    db[k] += g
    last = (oh - 1) * sh + eh - 1
    dxpad[:, :, last + 1:] = dxpad[:, :, last:last + 1]
    dx = dxpad[:, :, ph:ph + h, pw:pw + wd]
    return dx, dw, db


def numerical_grad(f, x, eps=1e-5):
    point = np.array(x, dtype=float)
    out = np.empty(point.shape)
    for where in np.ndindex(*point.shape):
        old = point[where]
        point[where] = old + eps
        high = f(point)
        point[where] = old - eps
        low = f(point)
        point[where] = old
        out[where] = (high - low) / (2 * eps)
    return out


def rel_error(a, b):
    a, b = np.asarray(a, float), np.asarray(b, float)
    return float((np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b))).max())
