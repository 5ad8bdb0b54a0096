# /// answer
# mistake = "pad-all-axes"
# title = "The batch and the channels are padded too"
# hint = "np.pad(x, p) pads every axis. Give one (before, after) for each: (0, 0) for batch and channels."
# points = {pad2d = 0, cross_correlate2d = 15, conv2d = 30}
# ///
import numpy as np


def pair(v):
    return (v, v) if isinstance(v, int) else v


def pad2d(x, pad, value=0.0):
    t, b, l, r = pad
    return np.pad(x.astype(float), ((t, b), (l, r), (t, b), (l, r)), constant_values=value)


def cross_correlate2d(img, k):
    windows = np.lib.stride_tricks.sliding_window_view(img.astype(float), k.shape)
    return np.einsum("ijuv,uv->ij", windows, k)


def conv2d(x, w, b=None, stride=1, padding=0, dilation=1):
    (sh, sw), (ph, pw), (dh, dw) = pair(stride), pair(padding), pair(dilation)
    xp = np.pad(x.astype(np.float64), ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    N, C, H, W = xp.shape
    F, _, kH, kW = w.shape
    eh, ew = dh * (kH - 1) + 1, dw * (kW - 1) + 1
    Ho, Wo = (H - eh) // sh + 1, (W - ew) // sw + 1
    out = np.zeros((N, F, Ho, Wo))
    for i in range(Ho):
        for j in range(Wo):
            win = xp[:, :, i * sh:i * sh + eh:dh, j * sw:j * sw + ew:dw]
            out[:, :, i, j] = np.tensordot(win, w, axes=([1, 2, 3], [1, 2, 3]))
    if b is not None:
        out += b[:, None, None]
    return out
