# /// answer
# mistake = "kernel-transposed"
# title = "The kernel is transposed"
# hint = "Row u of the kernel meets row i + u of the image: img[i + u, j + v] * k[u, v]."
# points = {pad2d = 10, cross_correlate2d = 0.625, conv2d = 30}
# ///
import numpy as np


def pad2d(x, pad, value=0.0):
    N, C, H, W = x.shape
    rows = np.arange(-pad[0], H + pad[1])
    cols = np.arange(-pad[2], W + pad[3])
    inside = ((rows >= 0) & (rows < H))[:, None] & ((cols >= 0) & (cols < W))
    x = x.astype(float)
    return np.where(inside, x[:, :, rows.clip(0, H - 1)][:, :, :, cols.clip(0, W - 1)], value)


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


def cross_correlate2d(img, k):
    kt = np.asarray(k, float).T
    v = np.lib.stride_tricks.sliding_window_view(np.asarray(img, float), kt.shape)
    return (v * kt).sum((2, 3))
