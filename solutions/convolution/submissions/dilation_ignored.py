# /// answer
# mistake = "dilation-ignored"
# title = "The dilation is ignored"
# hint = "With dilation d neighbouring taps are d pixels apart: step through the window by d."
# points = {pad2d = 10, cross_correlate2d = 15, conv2d = 22.5}
# ///
import numpy as np


def pair(v):
    return (v, v) if isinstance(v, int) else v


def pad2d(x, pad, value=0.0):
    N, C, H, W = x.shape
    t, b, l, r = pad
    out = np.full((N, C, H + t + b, W + l + r), float(value))
    out[:, :, t:t + H, l:l + W] = x
    return out


def cross_correlate2d(img, k):
    windows = np.lib.stride_tricks.sliding_window_view(img.astype(float), k.shape)
    return np.einsum("ijuv,uv->ij", windows, k)


def conv2d(x, w, b=None, stride=1, padding=0, dilation=1):
    (sh, sw), (ph, pw) = pair(stride), pair(padding)
    xp = pad2d(x, (ph, ph, pw, pw))
    N, C, H, W = xp.shape
    F, _, kH, kW = w.shape
    eh, ew = kH, kW
    Ho, Wo = (H - eh) // sh + 1, (W - ew) // sw + 1
    out = np.zeros((N, F, Ho, Wo))
    for i in range(Ho):
        for j in range(Wo):
            win = xp[:, :, i * sh:i * sh + eh, j * sw:j * sw + ew]
            out[:, :, i, j] = np.tensordot(win, w, axes=([1, 2, 3], [1, 2, 3]))
    if b is not None:
        out += b[:, None, None]
    return out
