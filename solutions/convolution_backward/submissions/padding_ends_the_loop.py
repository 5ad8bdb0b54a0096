# /// answer
# mistake = "padding-ends-the-loop"
# title = "the first tap in the padding ends the loop"
# hint = "A tap above the image is skipped, and the taps below it still count: continue, not break."
# points = {conv2d_backward = 40, numerical_grad = 14, rel_error = 8}
# ///
import numpy as np


def conv2d_backward(dout, x, w, stride=1, padding=0, dilation=1):
    (sh, sw), (ph, pw), (dh, dv) = [(o, o) if type(o) is int else o for o in (stride, padding, dilation)]
    dout = np.array(dout, dtype=np.float64); x = np.array(x, dtype=np.float64); w = np.array(w, dtype=np.float64)
    n, c, h, wid = x.shape
    f, _, kh, kw = w.shape
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for i in range(dout.shape[2]):
        for u in range(kh):
            r = i * sh + u * dh - ph
            if not 0 <= r < h:
                break
            for j in range(dout.shape[3]):
                for v in range(kw):
                    s = j * sw + v * dv - pw
                    if 0 <= s < wid:
                        dx[:, :, r, s] += dout[:, :, i, j] @ w[:, :, u, v]
                        dw[:, :, u, v] += dout[:, :, i, j].T @ x[:, :, r, s]
    return dx, dw, np.einsum("nfij->f", dout)


def numerical_grad(f, x, eps=1e-5):
    x = x.astype(float)
    grad = np.zeros(x.shape)
    for ix in np.ndindex(*x.shape):
        move = np.zeros(x.shape)
        move[ix] = eps
        grad[ix] = (f(x + move) - f(x - move)) / (2 * eps)
    return grad


def rel_error(a, b):
    a, b = a.astype(float), b.astype(float)
    scale = np.clip(np.abs(a) + np.abs(b), 1e-8, None)
    return float(np.amax(np.abs(a - b) / scale))
