# /// answer
# mistake = "maximum-divided"
# title = "the winner gets a share only"
# hint = "A maximum divides nothing: the winner takes the whole gradient."
# points = {max_pool2d_backward = 0, avg_pool2d_backward = 20, global_avg_pool2d_backward = 8}
# ///
from __future__ import annotations

import numpy as np


def _two(v):
    return (v, v) if isinstance(v, int) else tuple(v)


def _setup(kernel, stride, padding):
    kernel = _two(kernel)
    stride = kernel if stride is None else _two(stride)
    return kernel, stride, _two(padding)


def max_pool2d_backward(dout, x, kernel, stride=None, padding=0):
    (kh, kw), (sh, sw), (ph, pw) = _setup(kernel, stride, padding)
    h, w = x.shape[2:]
    dx = np.zeros(x.shape, dtype=np.float64)
    for i in range(dout.shape[2]):
        r0, r1 = max(i * sh - ph, 0), min(i * sh - ph + kh, h)
        for j in range(dout.shape[3]):
            c0, c1 = max(j * sw - pw, 0), min(j * sw - pw + kw, w)
            window = x[:, :, r0:r1, c0:c1].astype(np.float64)
            flat = window.reshape(window.shape[0], window.shape[1], -1)
            mask = flat == flat.max(axis=2, keepdims=True)
            mask &= np.cumsum(mask, axis=2) == 1
            g = dout[:, :, i, j][:, :, None, None]
            dx[:, :, r0:r1, c0:c1] += mask.reshape(window.shape) * g / (kh * kw)
    return dx


def avg_pool2d_backward(dout, x_shape, kernel, stride=None, padding=0, count_include_pad=True):
    (kh, kw), (sh, sw), (ph, pw) = _setup(kernel, stride, padding)
    h, w = x_shape[2:]
    dx = np.zeros(x_shape, dtype=np.float64)
    for i in range(dout.shape[2]):
        r0, r1 = max(i * sh - ph, 0), min(i * sh - ph + kh, h)
        for j in range(dout.shape[3]):
            c0, c1 = max(j * sw - pw, 0), min(j * sw - pw + kw, w)
            n_cells = kh * kw if count_include_pad else (r1 - r0) * (c1 - c0)
            g = dout[:, :, i, j][:, :, None, None]
            dx[:, :, r0:r1, c0:c1] += g / n_cells
    return dx


def global_avg_pool2d_backward(dout, x_shape):
    area = x_shape[2] * x_shape[3]
    dx = np.empty(x_shape, dtype=np.float64)
    dx[...] = dout[:, :, np.newaxis, np.newaxis] / area
    return dx
