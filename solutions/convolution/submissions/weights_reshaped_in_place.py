# /// answer
# mistake = "weights-reshaped-in-place"
# title = "The caller's weights are reshaped"
# hint = "w.shape = ... changes the caller's array: w.reshape(F, -1) gives a new view and leaves w as it is."
# points = {pad2d = 10, cross_correlate2d = 15, conv2d = 28.5}
# ///
import numpy as np


def pair(v):
    return (v, v) if isinstance(v, int) else v


def pad2d(x, pad, value=0.0):
    top, bottom, left, right = pad
    x = np.asarray(x, dtype=np.float64)
    return np.pad(x, ((0, 0), (0, 0), (top, bottom), (left, right)), constant_values=value)


def cross_correlate2d(img, k):
    windows = np.lib.stride_tricks.sliding_window_view(img.astype(float), k.shape)
    return np.einsum("ijuv,uv->ij", windows, k)


def conv2d(x, w, b=None, stride=1, padding=0, dilation=1):
    (sh, sw), (ph, pw), (dh, dw) = pair(stride), pair(padding), pair(dilation)
    x = pad2d(x, (ph, ph, pw, pw))
    F, C, kH, kW = w.shape
    Ho = (x.shape[2] - dh * (kH - 1) - 1) // sh + 1
    Wo = (x.shape[3] - dw * (kW - 1) - 1) // sw + 1
    w.shape = (F, C * kH * kW)
    out = np.zeros((x.shape[0], F, Ho, Wo))
    for i in range(Ho):
        for j in range(Wo):
            patch = x[:, :, i * sh:, j * sw:][:, :, ::dh, ::dw][:, :, :kH, :kW]
            out[:, :, i, j] = patch.reshape(len(x), -1) @ w.T
    if b is not None:
        out += b[None, :, None, None]
    return out
