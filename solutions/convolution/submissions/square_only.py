# /// answer
# mistake = "square-only"
# title = "One size stands for both height and width"
# hint = "Images and kernels may be rectangular: compute H' from H and kH, and W' from W and kW."
# points = {pad2d = 10, cross_correlate2d = 0, conv2d = 1.5}
# ///
import numpy as np


def pair(v):
    return (v, v) if isinstance(v, int) else v


def pad2d(x, pad, value=0.0):
    top, bottom, left, right = pad
    x = np.asarray(x, dtype=np.float64)
    return np.pad(x, ((0, 0), (0, 0), (top, bottom), (left, right)), constant_values=value)


def cross_correlate2d(img, k):
    size = img.shape[0] - k.shape[0] + 1
    out = np.zeros((size, size))
    for i in range(size):
        for j in range(size):
            out[i, j] = np.sum(img[i:i + k.shape[0], j:j + k.shape[0]] * k)
    return out


def conv2d(x, w, b=None, stride=1, padding=0, dilation=1):
    (sh, sw), (ph, pw), (dh, dw) = pair(stride), pair(padding), pair(dilation)
    xp = pad2d(x, (ph, ph, pw, pw))
    N, C, H, _ = xp.shape
    F, _, K, _ = w.shape
    eh, ew = dh * (K - 1) + 1, dw * (K - 1) + 1
    Ho, Wo = (H - eh) // sh + 1, (H - ew) // sw + 1
    out = np.zeros((N, F, Ho, Wo))
    for i in range(Ho):
        for j in range(Wo):
            win = xp[:, :, i * sh:i * sh + eh:dh, j * sw:j * sw + ew:dw]
            out[:, :, i, j] = np.tensordot(win, w, axes=([1, 2, 3], [1, 2, 3]))
    if b is not None:
        out += b[:, None, None]
    return out
