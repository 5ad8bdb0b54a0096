# /// answer
# mistake = "integer-output"
# title = "Integers in give integers out"
# hint = "The result is float64 whatever goes in: np.zeros_like and np.pad keep the dtype of x, np.zeros does not."
# points = {pad2d = 8, cross_correlate2d = 11.25, conv2d = 27}
# ///
import numpy as np


def pair(v):
    return (v, v) if isinstance(v, int) else v


def pad2d(x, pad, value=0.0):
    t, b, l, r = pad
    return np.pad(x, ((0, 0), (0, 0), (t, b), (l, r)), constant_values=value)


def cross_correlate2d(img, k):
    H, W = img.shape
    kH, kW = k.shape
    out = np.zeros((H - kH + 1, W - kW + 1), dtype=img.dtype)
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
    out = np.zeros((N, F, Ho, Wo), dtype=x.dtype)
    for i in range(Ho):
        for j in range(Wo):
            win = xp[:, :, i * sh:i * sh + eh:dh, j * sw:j * sw + ew:dw]
            out[:, :, i, j] = np.tensordot(win, w, axes=([1, 2, 3], [1, 2, 3]))
    if b is not None:
        out += b[:, None, None]
    return out
