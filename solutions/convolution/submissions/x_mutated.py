# /// answer
# mistake = "x-mutated"
# title = "The caller's array is changed"
# hint = "A slice is a view: window *= w[f] writes into the image, and so does x -= value. window * w[f] is a new array."
# points = {pad2d = 10, cross_correlate2d = 15, conv2d = 1.5}
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
    xp = pad2d(x, (ph, ph, pw, pw)) if ph or pw else x
    N, C, H, W = xp.shape
    F, _, kH, kW = w.shape
    Ho = (H - dh * (kH - 1) - 1) // sh + 1
    Wo = (W - dw * (kW - 1) - 1) // sw + 1
    out = np.zeros((N, F, Ho, Wo))
    for n in range(N):
        for f in range(F):
            for i in range(Ho):
                for j in range(Wo):
                    window = xp[n, :, i * sh:, j * sw:][:, ::dh, ::dw][:, :kH, :kW]
                    window *= w[f]
                    out[n, f, i, j] = window.sum() + (0 if b is None else b[f])
    return out
