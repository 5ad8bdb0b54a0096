# /// answer
# mistake = "image-padded-to-same-size"
# title = "The result is padded to the size of the image"
# hint = "Only whole windows count here, so the result is (H - kH + 1, W - kW + 1), smaller than the image."
# points = {pad2d = 10, cross_correlate2d = 0.625, conv2d = 30}
# ///
import numpy as np


def pair(v):
    return (v, v) if isinstance(v, int) else v


def pad2d(x, pad, value=0.0):
    top, bottom, left, right = pad
    x = np.asarray(x, dtype=np.float64)
    return np.pad(x, ((0, 0), (0, 0), (top, bottom), (left, right)), constant_values=value)


def cross_correlate2d(img, k):
    kH, kW = k.shape
    padded = np.pad(img.astype(float), ((kH // 2, (kH - 1) // 2), (kW // 2, (kW - 1) // 2)))
    out = np.empty(img.shape)
    for i, j in np.ndindex(out.shape):
        out[i, j] = np.sum(padded[i:i + kH, j:j + kW] * k)
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
            win = xp[:, :, i * sh:i * sh + eh:dh, j * sw:j * sw + ew:dw]
            out[:, :, i, j] = np.tensordot(win, w, axes=([1, 2, 3], [1, 2, 3]))
    if b is not None:
        out += b[:, None, None]
    return out
