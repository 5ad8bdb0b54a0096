# /// answer
# mistake = "square-only"
# title = "One size stands for both height and width"
# hint = "Images and kernels may be rectangular: compute H' from H and kH, and W' from W and kW."
# points = {pad2d = 10, cross_correlate2d = 15, conv2d = 1.5}
# ///
import numpy as np


def _two(v):
    return tuple(v) if isinstance(v, (tuple, list)) else (v, v)


def pad2d(x, pad, value=0.0):
    top, bottom, left, right = pad
    N, C, H, W = x.shape
    canvas = np.full((N, C, H + top + bottom, W + left + right), float(value), dtype=np.float64)
    canvas[:, :, top:top + H, left:left + W] = x
    return canvas


def cross_correlate2d(img, k):
    img = np.asarray(img, dtype=np.float64)
    k = np.asarray(k, dtype=np.float64)
    oh = img.shape[0] - k.shape[0] + 1
    ow = img.shape[1] - k.shape[1] + 1
    out = np.zeros((oh, ow))
    for u in range(k.shape[0]):
        for v in range(k.shape[1]):
            out += k[u, v] * img[u:u + oh, v:v + ow]
    return out


def conv2d(x, w, b=None, stride=1, padding=0, dilation=1):
    s = stride if isinstance(stride, int) else stride[0]
    p = padding if isinstance(padding, int) else padding[0]
    d = dilation if isinstance(dilation, int) else dilation[0]
    xp = pad2d(x, (p, p, p, p))
    N, C, H, W = xp.shape
    F, _, k, _ = w.shape
    size = (H - d * (k - 1) - 1) // s + 1
    out = np.zeros((N, F, size, size))
    for i in range(size):
        for j in range(size):
            window = xp[:, :, i * s:i * s + d * (k - 1) + 1:d, j * s:j * s + d * (k - 1) + 1:d]
            for f in range(F):
                out[:, f, i, j] = np.sum(window * w[f], axis=(1, 2, 3))
    if b is not None:
        out += b[:, None, None]
    return out
