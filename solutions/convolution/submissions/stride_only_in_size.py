# /// answer
# mistake = "stride-only-in-size"
# title = "The stride shrinks the output but does not move the window"
# hint = "Output (i, j) looks at the window that starts at row i*sH and column j*sW."
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
    H, W = img.shape
    kH, kW = k.shape
    out = np.zeros((H - kH + 1, W - kW + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (img[i:i + kH, j:j + kW] * k).sum()
    return out


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
            win = xp[:, :, i:i + eh:dh, j:j + ew:dw]
            out[:, :, i, j] = np.tensordot(win, w, axes=([1, 2, 3], [1, 2, 3]))
    if b is not None:
        out += b[:, None, None]
    return out
