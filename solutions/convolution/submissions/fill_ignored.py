# /// answer
# mistake = "fill-ignored"
# title = "The border is always zero"
# hint = "The border holds `value`; zero is only what it is when nobody asks for anything else."
# points = {pad2d = 6.333333, cross_correlate2d = 15, conv2d = 30}
# ///
import numpy as np


def pair(v):
    return (v, v) if isinstance(v, int) else v


def pad2d(x, pad, value=0.0):
    N, C, H, W = x.shape
    t, b, l, r = pad
    out = np.zeros((N, C, H + t + b, W + l + r))
    out[:, :, t:t + H, l:l + W] = x
    return out


def cross_correlate2d(img, k):
    windows = np.lib.stride_tricks.sliding_window_view(img.astype(float), k.shape)
    return np.einsum("ijuv,uv->ij", windows, k)


def conv2d(x, w, b=None, stride=1, padding=0, dilation=1):
    (sh, sw), (ph, pw), (dh, dw) = pair(stride), pair(padding), pair(dilation)
    xp = pad2d(x, (ph, ph, pw, pw))
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
