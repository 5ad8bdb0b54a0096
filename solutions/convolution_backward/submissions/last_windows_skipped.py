# /// answer
# mistake = "last-windows-skipped"
# title = "The number of windows is counted without the padding"
# hint = "The windows slid over the padded image. Take H' and W' from the shape of dout."
# points = {conv2d_backward = 32.25, numerical_grad = 14, rel_error = 8}
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
    eh, ew = dh * (kH - 1) + 1, dv * (kW - 1) + 1
    x_pad = np.zeros((N, C, H + 2 * ph, W + 2 * pw))
    x_pad[:, :, ph:ph + H, pw:pw + W] = x
    dx_pad = np.zeros_like(x_pad)
    dw = np.zeros(w.shape)
    db = np.zeros(F)
    for n in range(N):
        for f in range(F):
            for i in range((H - eh) // sh + 1):
                for j in range((W - ew) // sw + 1):
                    g = float(dout[n, f, i, j])
                    hs = slice(i * sh, i * sh + eh, dh)
                    ws = slice(j * sw, j * sw + ew, dv)
                    dx_pad[n, :, hs, ws] += g * w[f]
                    dw[f] += g * x_pad[n, :, hs, ws]
                    db[f] += g
    dx = dx_pad[:, :, ph:ph + H, pw:pw + W]
    return dx, dw, db


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
    a = np.asarray(a, dtype=np.float64)
    b = np.asarray(b, dtype=np.float64)
    size = np.abs(a) + np.abs(b)
    size[size < 1e-8] = 1e-8
    return float((np.abs(a - b) / size).max())
