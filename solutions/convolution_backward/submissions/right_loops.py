# /// answer
# right = true
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
                            if r < 0 or r >= H or s < 0 or s >= W:
                                continue
                            for c in range(C):
                                dx[n, c, r, s] += d * float(w[f, c, u, v])
                                dw[f, c, u, v] += d * float(x[n, c, r, s])
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
    worst = 0.0
    for p, q in zip(a.ravel().tolist(), b.ravel().tolist()):
        worst = max(worst, abs(p - q) / max(1e-8, abs(p) + abs(q)))
    return worst
