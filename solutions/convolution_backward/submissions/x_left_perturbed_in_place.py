# /// answer
# mistake = "x-left-perturbed"
# title = "numerical_grad leaves x moved"
# hint = "Write the old value back before you go on to the next element: x[i] = old."
# points = {conv2d_backward = 48, numerical_grad = 0, rel_error = 8}
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
    Ho, Wo = dout.shape[2], dout.shape[3]
    eh, ew = dh * (kH - 1) + 1, dv * (kW - 1) + 1
    x_pad = np.zeros((N, C, H + 2 * ph, W + 2 * pw))
    x_pad[:, :, ph : ph + H, pw : pw + W] = x
    dx_pad = np.zeros_like(x_pad)
    dw = np.zeros(w.shape)
    db = np.zeros(F)
    for n in range(N):
        for f in range(F):
            for i in range(Ho):
                for j in range(Wo):
                    g = float(dout[n, f, i, j])
                    hs = slice(i * sh, i * sh + eh, dh)
                    ws = slice(j * sw, j * sw + ew, dv)
                    dx_pad[n, :, hs, ws] += g * w[f]
                    dw[f] += g * x_pad[n, :, hs, ws]
                    db[f] += g
    dx = dx_pad[:, :, ph : ph + H, pw : pw + W]
    return dx, dw, db


def rel_error(a, b):
    a = np.asarray(a, dtype=np.float64)
    b = np.asarray(b, dtype=np.float64)
    size = np.abs(a) + np.abs(b)
    size[size < 1e-8] = 1e-8
    return float((np.abs(a - b) / size).max())


def numerical_grad(f, x, eps=1e-5):
    out = np.zeros(x.shape)
    for idx in np.ndindex(*x.shape):
        x[idx] += eps
        hi = f(x)
        x[idx] -= 2 * eps
        lo = f(x)
        out[idx] = (hi - lo) / (2 * eps)
    return out
