# /// answer
# mistake = "pairs-refused"
# title = "Only an int is understood, not a pair"
# hint = "stride, padding and dilation are an int or a pair (height, width): turn both into a pair first."
# points = {pad2d = 10, cross_correlate2d = 15, conv2d = 18.75}
# ///
import numpy as np


def pad2d(x, pad, value=0.0):
    top, bottom, left, right = pad
    x = np.asarray(x, dtype=np.float64)
    return np.pad(x, ((0, 0), (0, 0), (top, bottom), (left, right)), constant_values=value)


def cross_correlate2d(img, k):
    windows = np.lib.stride_tricks.sliding_window_view(img.astype(float), k.shape)
    return np.einsum("ijuv,uv->ij", windows, k)


def conv2d(x, w, b=None, stride=1, padding=0, dilation=1):
    x = pad2d(x, (padding, padding, padding, padding))
    N, C, H, W = x.shape
    F, C, kH, kW = w.shape
    H_out = 1 + (H - dilation * (kH - 1) - 1) // stride
    W_out = 1 + (W - dilation * (kW - 1) - 1) // stride
    out = np.zeros((N, F, H_out, W_out))
    for i in range(H_out):
        for j in range(W_out):
            r, s = i * stride, j * stride
            window = x[:, :, r:r + dilation * (kH - 1) + 1:dilation, s:s + dilation * (kW - 1) + 1:dilation]
            for f in range(F):
                out[:, f, i, j] = np.sum(window * w[f], axis=(1, 2, 3))
    if b is not None:
        out += b.reshape(F, 1, 1)
    return out
