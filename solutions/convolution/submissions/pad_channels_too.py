# /// answer
# mistake = "pad-all-axes"
# title = "The batch and the channels are padded too"
# hint = "np.pad(x, p) pads every axis. Give one (before, after) for each: (0, 0) for batch and channels."
# points = {pad2d = 1, cross_correlate2d = 15, conv2d = 24.25}
# ///
import numpy as np


def cross_correlate2d(img, k):
    kH, kW = k.shape
    H, W = img.shape[0] - kH + 1, img.shape[1] - kW + 1
    i, j, u, v = np.ogrid[:H, :W, :kH, :kW]
    return (img[i + u, j + v] * k).sum(axis=(2, 3), dtype=float)


def conv2d(x, w, b=None, stride=1, padding=0, dilation=1):
    """Collect every window as a column, then one matrix product."""
    (sh, sw), (ph, pw), (dh, dw) = [(a, a) if np.isscalar(a) else tuple(a) for a in (stride, padding, dilation)]
    x = pad2d(x, (ph, ph, pw, pw))
    N, C, H, W = x.shape
    F, _, kH, kW = w.shape
    oH = (H - dh * (kH - 1) - 1) // sh + 1
    oW = (W - dw * (kW - 1) - 1) // sw + 1
    r = np.repeat(np.arange(oH) * sh, oW) + np.repeat(np.arange(kH) * dh, kW)[:, None]
    s = np.tile(np.arange(oW) * sw, oH) + np.tile(np.arange(kW) * dw, kH)[:, None]
    cols = x[:, :, r, s].reshape(N, C * kH * kW, oH * oW)
    y = w.reshape(F, -1) @ cols
    if b is not None:
        y += b.reshape(-1, 1)
    return y.reshape(N, F, oH, oW)


def pad2d(x, pad, value=0.0):
    t, bo, l, r = pad
    return np.pad(np.asarray(x, dtype=np.float64), ((t, bo), (t, bo), (t, bo), (l, r)), constant_values=value)
