# /// answer
# mistake = "integer-mean"
# title = "the mean of integers is an integer"
# hint = "A mean is rarely a whole number: make the input or the result array float64 before you divide."
# points = {max_pool2d = 18, avg_pool2d = 17.4, global_avg_pool2d = 5, adaptive_avg_pool2d = 13.4}
# ///
import math

import numpy as np


def pair(v):
    return v if isinstance(v, tuple) else (v, v)


def check_padding(kernel, padding):
    for k, p in zip(kernel, padding):
        if p > k / 2:
            raise ValueError("padding is more than half of the kernel")


def length(n, k, s, p, ceil_mode):
    steps = (n + 2 * p - k) / s
    out = (math.ceil(steps) if ceil_mode else math.floor(steps)) + 1
    if ceil_mode and (out - 1) * s - p >= n:
        out -= 1
    return out


def max_pool2d(x, kernel, stride=None, padding=0, ceil_mode=False):
    x = x.astype(float)
    kernel, padding = pair(kernel), pair(padding)
    stride = kernel if stride is None else pair(stride)
    check_padding(kernel, padding)
    N, C, H, W = x.shape
    H_out = length(H, kernel[0], stride[0], padding[0], ceil_mode)
    W_out = length(W, kernel[1], stride[1], padding[1], ceil_mode)
    out = np.zeros((N, C, H_out, W_out))
    for i in range(H_out):
        for j in range(W_out):
            r, c = i * stride[0] - padding[0], j * stride[1] - padding[1]
            patch = x[:, :, max(r, 0):r + kernel[0], max(c, 0):c + kernel[1]]
            out[:, :, i, j] = np.max(patch, axis=(2, 3))
    return out


def avg_pool2d(x, kernel, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    kernel, padding = pair(kernel), pair(padding)
    stride = kernel if stride is None else pair(stride)
    check_padding(kernel, padding)
    N, C, H, W = x.shape
    H_out = length(H, kernel[0], stride[0], padding[0], ceil_mode)
    W_out = length(W, kernel[1], stride[1], padding[1], ceil_mode)
    out = np.zeros((N, C, H_out, W_out), dtype=x.dtype)
    for i in range(H_out):
        for j in range(W_out):
            r, c = i * stride[0] - padding[0], j * stride[1] - padding[1]
            r_end, c_end = min(r + kernel[0], H + padding[0]), min(c + kernel[1], W + padding[1])
            patch = x[:, :, max(r, 0):r_end, max(c, 0):c_end]
            if count_include_pad:
                cells = (r_end - r) * (c_end - c)
            else:
                cells = patch.shape[2] * patch.shape[3]
            out[:, :, i, j] = np.sum(patch, axis=(2, 3)) / cells
    return out


def global_avg_pool2d(x):
    return x.astype(float).mean(axis=(2, 3))


def adaptive_avg_pool2d(x, output_size):
    N, C, H, W = x.shape
    oh, ow = pair(output_size)
    out = np.zeros((N, C, oh, ow), dtype=x.dtype)
    for i in range(oh):
        r0, r1 = math.floor(i * H / oh), math.ceil((i + 1) * H / oh)
        for j in range(ow):
            c0, c1 = math.floor(j * W / ow), math.ceil((j + 1) * W / ow)
            out[:, :, i, j] = x[:, :, r0:r1, c0:c1].mean(axis=(2, 3))
    return out
