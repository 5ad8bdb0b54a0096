# /// answer
# mistake = "kernel-not-turned"
# title = "In the full correlation, the kernel is not turned"
# hint = "What tap (0, 0) took from the upper left has to go back to the lower right: turn the kernel by 180°, w[:, :, ::-1, ::-1]."
# points = {conv2d_backward = 26.833333, numerical_grad = 14, rel_error = 8}
# ///
import numpy as np


def pair(v):
    return (v, v) if isinstance(v, int) else v


def correlate(x, k, stride=(1, 1), dilation=(1, 1)):
    """(N, C, H, W) with (F, C, kH, kW), no padding."""
    kH, kW = k.shape[2:]
    eh, ew = dilation[0] * (kH - 1) + 1, dilation[1] * (kW - 1) + 1
    win = np.lib.stride_tricks.sliding_window_view(x, (eh, ew), axis=(2, 3))
    win = win[:, :, ::stride[0], ::stride[1], ::dilation[0], ::dilation[1]]
    return np.einsum("nchwuv,fcuv->nfhw", win, k)


def conv2d_backward(dout, x, w, stride=1, padding=0, dilation=1):
    (sh, sw), (ph, pw), (dh, dv) = pair(stride), pair(padding), pair(dilation)
    dout, x, w = [np.asarray(a, dtype=np.float64) for a in (dout, x, w)]
    N, C, H, W = x.shape
    F, _, kH, kW = w.shape
    _, _, Ho, Wo = dout.shape
    # stride - 1 zeros between the elements of dout
    up = np.zeros((N, F, (Ho - 1) * sh + 1, (Wo - 1) * sw + 1))
    up[:, :, ::sh, ::sw] = dout
    # dx: full correlation with the turned kernel, in and out channels swapped
    eh, ew = dh * (kH - 1), dv * (kW - 1)
    full = np.pad(up, ((0, 0), (0, 0), (eh, eh), (ew, ew)))
    turned = w.transpose(1, 0, 2, 3)
    covered = correlate(full, turned, dilation=(dh, dv))
    dxp = np.zeros((N, C, H + 2 * ph, W + 2 * pw))
    dxp[:, :, :covered.shape[2], :covered.shape[3]] = covered
    dx = dxp[:, :, ph:H + ph, pw:W + pw]
    # dw: correlation of x with dout, the batch in the place of the channels
    xp = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    dw = correlate(xp.transpose(1, 0, 2, 3), up.transpose(1, 0, 2, 3)).transpose(1, 0, 2, 3)
    dw = dw[:, :, ::dh, ::dv][:, :, :kH, :kW]
    return dx, dw, dout.sum((0, 2, 3))


def numerical_grad(f, x, eps=1e-5):
    x = x.astype(np.float64)
    grad = np.zeros(x.shape)
    for i in np.ndindex(*x.shape):
        step = np.zeros(x.shape)
        step[i] = eps
        grad[i] = (f(x + step) - f(x - step)) / (2 * eps)
    return grad


def rel_error(a, b):
    a, b = a.astype(float), b.astype(float)
    return np.max(np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b)))
