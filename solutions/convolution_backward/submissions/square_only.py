# /// answer
# mistake = "square-only"
# title = "Only squares are handled"
# hint = "Image, kernel, stride, padding and dilation may all differ between height and width."
# points = {conv2d_backward = 6.75, numerical_grad = 14, rel_error = 8}
# ///
import numpy as np


def conv2d_backward(dout, x, w, stride=1, padding=0, dilation=1):
    s, p, d = [v if isinstance(v, int) else v[0] for v in (stride, padding, dilation)]
    N, C, H, W = x.shape
    F, C, k, k = w.shape
    out = dout.shape[2]
    e = d * (k - 1) + 1
    xp = np.pad(x.astype(float), ((0, 0), (0, 0), (p, p), (p, p)))
    dxp = np.zeros_like(xp)
    dw = np.zeros(w.shape)
    for n in range(N):
        for f in range(F):
            for i in range(out):
                for j in range(out):
                    a, b = i * s, j * s
                    dxp[n, :, a:a + e:d, b:b + e:d] += w[f] * float(dout[n, f, i, j])
                    dw[f] += xp[n, :, a:a + e:d, b:b + e:d] * float(dout[n, f, i, j])
    db = dout.astype(float).sum(axis=(0, 2, 3))
    return dxp[:, :, p:p + H, p:p + W], dw, db


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
