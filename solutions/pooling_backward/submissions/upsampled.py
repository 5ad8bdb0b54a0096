# /// answer
# mistake = "upsampled"
# title = "each gradient is repeated kernel times, whatever the stride"
# hint = "Repeating fits windows side by side only; with another stride they overlap or leave gaps."
# points = {max_pool2d_backward = 27, avg_pool2d_backward = 6.67, global_avg_pool2d_backward = 8}
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
            dx[:, :, r0:r1, c0:c1] += mask.reshape(window.shape) * g
    return dx


def avg_pool2d_backward(dout, x_shape, kernel, stride=None, padding=0, count_include_pad=True):
    (kh, kw), (sh, sw), (ph, pw) = _setup(kernel, stride, padding)
    h, w = x_shape[2:]
    up = np.repeat(np.repeat(dout / (kh * kw), kh, axis=2), kw, axis=3)
    dx = np.zeros((x_shape[0], x_shape[1], max(h + 2 * ph, up.shape[2]), max(w + 2 * pw, up.shape[3])))
    dx[:, :, :up.shape[2], :up.shape[3]] = up
    return dx[:, :, ph:ph + h, pw:pw + w]


def global_avg_pool2d_backward(dout, x_shape):
    area = x_shape[2] * x_shape[3]
    dx = np.empty(x_shape, dtype=np.float64)
    dx[...] = dout[:, :, np.newaxis, np.newaxis] / area
    return dx
