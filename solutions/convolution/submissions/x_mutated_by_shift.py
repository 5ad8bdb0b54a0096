# /// answer
# mistake = "x-mutated"
# title = "The caller's array is changed"
# hint = "A slice is a view: window *= w[f] writes into the image, and so does x -= value. window * w[f] is a new array."
# points = {pad2d = 9, cross_correlate2d = 15, conv2d = 30}
# ///
import numpy as np


def pair(v):
    return (v, v) if isinstance(v, int) else v


def pad2d(x, pad, value=0.0):
    """Zero padding, moved so that the border becomes `value`."""
    top, bottom, left, right = pad
    if x.dtype != float or not np.isfinite(value):
        return np.pad(x.astype(float), ((0, 0), (0, 0), (top, bottom), (left, right)), constant_values=value)
    x -= value
    out = np.zeros(x.shape[:2] + (x.shape[2] + top + bottom, x.shape[3] + left + right))
    out[:, :, top:top + x.shape[2], left:left + x.shape[3]] = x
    return out + value


def cross_correlate2d(img, k):
    windows = np.lib.stride_tricks.sliding_window_view(img.astype(float), k.shape)
    return np.einsum("ijuv,uv->ij", windows, k)


def conv2d(x, w, b=None, stride=1, padding=0, dilation=1):
    (sh, sw), (ph, pw), (dh, dw) = pair(stride), pair(padding), pair(dilation)
    x = np.pad(x.astype(float), ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    F, C, kH, kW = w.shape
    Ho = (x.shape[2] - dh * (kH - 1) - 1) // sh + 1
    Wo = (x.shape[3] - dw * (kW - 1) - 1) // sw + 1
    y = np.zeros((x.shape[0], F, Ho, Wo))
    for u in range(kH):
        for v in range(kW):
            # every output pixel meets tap (u, v) at once
            part = x[:, :, u * dh:u * dh + (Ho - 1) * sh + 1:sh, v * dw:v * dw + (Wo - 1) * sw + 1:sw]
            y += np.einsum("nchw,fc->nfhw", part, w[:, :, u, v])
    if b is not None:
        y += b.reshape(1, -1, 1, 1)
    return y
