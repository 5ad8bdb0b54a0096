# /// answer
# mistake = "dw-from-unpadded"
# title = "A negative index reads the other end of the image"
# hint = "x[..., -1] is the last column, not the zero of the padding. Skip what lies outside on either side."
# points = {conv2d_backward = 42.066667, numerical_grad = 14, rel_error = 8}
# ///
import numpy as np


def pair(v):
    return (v, v) if isinstance(v, int) else v


def conv2d_backward(dout, x, w, stride=1, padding=0, dilation=1):
    (sh, sw), (ph, pw), (dh, dv) = pair(stride), pair(padding), pair(dilation)
    N, C, H, W = x.shape
    F, _, kH, kW = w.shape
    _, _, Ho, Wo = dout.shape
    dx = np.zeros((N, C, H, W))
    dw = np.zeros((F, C, kH, kW))
    db = np.zeros(F)
    for n in range(N):
        for f in range(F):
            for i in range(Ho):
                for j in range(Wo):
                    d = float(dout[n, f, i, j])
                    db[f] += d
                    for u in range(kH):
                        for v in range(kW):
                            r = i * sh + u * dh - ph
                            s = j * sw + v * dv - pw
                            for c in range(C):
                                if 0 <= r < H and 0 <= s < W:
                                    dx[n, c, r, s] += d * float(w[f, c, u, v])
                                if r < H and s < W:
                                    dw[f, c, u, v] += d * float(x[n, c, r, s])
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
