# /// answer
# mistake = "strides-hard-coded"
# title = "Windows are cut out by strides that hold for one memory layout only"
# hint = "A transposed image keeps its layout through astype. Take the strides from the array (xp.strides), or use sliding_window_view."
# points = {conv2d_backward = 47.777778, numerical_grad = 14, rel_error = 8}
# ///
import numpy as np


def pair(v):
    return (v, v) if isinstance(v, int) else v


def conv2d_backward(dout, x, w, stride=1, padding=0, dilation=1):
    (sh, sw), (ph, pw), (dh, dv) = pair(stride), pair(padding), pair(dilation)
    N, C, H, W = x.shape
    F, _, kH, kW = w.shape
    Ho, Wo = dout.shape[2:]
    dout, w = dout.astype(float), w.astype(float)
    xp = x.astype(float)
    if ph or pw:
        xp = np.pad(xp, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    Hp, Wp = H + 2 * ph, W + 2 * pw
    # element strides of a (N, C, Hp, Wp) array, 8 bytes a number
    win = np.lib.stride_tricks.as_strided(
        xp,
        (N, C, kH, kW, Ho, Wo),
        tuple(8 * k for k in (C * Hp * Wp, Hp * Wp, dh * Wp, dv, sh * Wp, sw)),
    )
    dw = np.einsum("nfij,ncuvij->fcuv", dout, win)
    dwin = np.einsum("nfij,fcuv->ncuvij", dout, w)
    dxp = np.zeros((N, C, Hp, Wp))
    for u in range(kH):
        for v in range(kW):
            dxp[:, :, u * dh:u * dh + sh * Ho:sh, v * dv:v * dv + sw * Wo:sw][:, :, :Ho, :Wo] += dwin[:, :, u, v]
    return dxp[:, :, ph:ph + H, pw:pw + W], dw, dout.sum(axis=(0, 2, 3))


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
