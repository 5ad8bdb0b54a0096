# /// answer
# title = "Python numbers only, and the stride taken after the pointwise step"
# right = true
# ///
import math

import numpy as np


def _two(v):
    return [v, v] if isinstance(v, int) else list(v)


def _slide(plane, kernel, stride, padding):
    """One plane (a list of rows) under one kernel, pixels outside read as 0."""
    (sh, sw), (ph, pw) = _two(stride), _two(padding)
    h, w, kh, kw = len(plane), len(plane[0]), len(kernel), len(kernel[0])
    rows = math.floor((h + 2 * ph - kh) / sh) + 1
    cols = math.floor((w + 2 * pw - kw) / sw) + 1
    out = [[0.0] * cols for _ in range(rows)]
    for i in range(rows):
        for j in range(cols):
            for u in range(kh):
                for v in range(kw):
                    r, s = i * sh + u - ph, j * sw + v - pw
                    if 0 <= r < h and 0 <= s < w:
                        out[i][j] += kernel[u][v] * plane[r][s]
    return np.array(out)


def conv2d_grouped(x, w, b=None, stride=1, padding=0, groups=1):
    channels, filters = x.shape[1], w.shape[0]
    if math.gcd(channels, groups) != groups or math.gcd(filters, groups) != groups:
        raise ValueError("can't cut the channels into groups")
    planes, kernels = x.tolist(), w.tolist()
    result = []
    for image in planes:
        maps = []
        for f in range(filters):
            first = f * groups // filters * (channels // groups)
            total = 0.0 if b is None else float(b[f])
            for c in range(channels // groups):
                total = total + _slide(image[first + c], kernels[f][c], stride, padding)
            maps.append(total)
        result.append(maps)
    return np.array(result)


def pointwise_conv(x, w, b=None):
    bias = [0.0] * len(w) if b is None else b.tolist()
    rows = w.tolist()
    planes = x.astype(float)
    return np.array([
        [sum((k * p for k, p in zip(row, image)), np.full(image[0].shape, float(add))) for row, add in zip(rows, bias)]
        for image in planes
    ])


def depthwise_conv2d(x, w, stride=1, padding=0):
    m = len(w) // x.shape[1]
    planes, kernels = x.tolist(), w.tolist()
    return np.array([
        [_slide(image[o // m], kernels[o][0], stride, padding) for o in range(len(kernels))] for image in planes
    ])


def depthwise_separable(x, dw, pw, stride=1, padding=0):
    sh, sw = _two(stride)
    everywhere = pointwise_conv(depthwise_conv2d(x, dw, 1, padding), pw)
    return everywhere[:, :, ::sh, ::sw]


def separable_ratio(c_out, k):
    return float(np.float64(1) / c_out + np.float64(k) ** -2)
