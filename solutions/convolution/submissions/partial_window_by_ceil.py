# /// answer
# mistake = "partial-window"
# title = "Windows that hang over the edge are counted"
# hint = "Only whole windows count: the output size is rounded down, and the last window starts where it still fits, at H - kH at most."
# points = {pad2d = 10, cross_correlate2d = 15, conv2d = 23.5}
# ///
import numpy as np


def pair(v):
    return (v, v) if isinstance(v, int) else v


def pad2d(x, pad, value=0.0):
    top, bottom, left, right = pad
    x = np.asarray(x, dtype=np.float64)
    return np.pad(x, ((0, 0), (0, 0), (top, bottom), (left, right)), constant_values=value)


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
    Ho, Wo = int(np.ceil((H - eh) / sh)) + 1, int(np.ceil((W - ew) / sw)) + 1
    xp = np.pad(xp, ((0, 0), (0, 0), (0, sh), (0, sw)))  # room for the last window
    out = np.zeros((N, F, Ho, Wo))
    for i in range(Ho):
        for j in range(Wo):
            win = xp[:, :, i * sh:i * sh + eh:dh, j * sw:j * sw + ew:dw]
            out[:, :, i, j] = np.tensordot(win, w, axes=([1, 2, 3], [1, 2, 3]))
    if b is not None:
        out += b[:, None, None]
    return out
