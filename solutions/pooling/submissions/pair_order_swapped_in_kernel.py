# /// answer
# mistake = "pair-order-swapped"
# title = "a pair is read as (width, height)"
# hint = "Every pair is (height, width): the first number belongs to the rows, which are axis 2."
# points = {max_pool2d = 8, avg_pool2d = 9.75, global_avg_pool2d = 5, adaptive_avg_pool2d = 14}
# ///
import numpy as np


def _pair(value):
    return (value, value) if isinstance(value, int) else (value[0], value[1])


def _size(n, k, s, p, ceil_mode):
    if ceil_mode:
        size = int(np.ceil((n + 2 * p - k) / s)) + 1
        if (size - 1) * s >= n + p:
            size -= 1
        return size
    return (n + 2 * p - k) // s + 1


def _geometry(x, kernel, stride, padding, ceil_mode):
    kw, kh = _pair(kernel)
    sh, sw = (kh, kw) if stride is None else _pair(stride)
    ph, pw = _pair(padding)
    if 2 * ph > kh or 2 * pw > kw:
        raise ValueError("too much padding")
    oh = _size(x.shape[2], kh, sh, ph, ceil_mode)
    ow = _size(x.shape[3], kw, sw, pw, ceil_mode)
    return kh, kw, sh, sw, ph, pw, oh, ow


def max_pool2d(x, kernel, stride=None, padding=0, ceil_mode=False):
    kh, kw, sh, sw, ph, pw, oh, ow = _geometry(x, kernel, stride, padding, ceil_mode)
    N, C, H, W = x.shape
    big = np.full((N, C, ph + H + ph + kh + sh, pw + W + pw + kw + sw), -np.inf)
    big[:, :, ph:ph + H, pw:pw + W] = x
    out = np.empty((N, C, oh, ow))
    for i in range(oh):
        for j in range(ow):
            out[:, :, i, j] = big[:, :, i * sh:i * sh + kh, j * sw:j * sw + kw].max(axis=(2, 3))
    return out


def avg_pool2d(x, kernel, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    kh, kw, sh, sw, ph, pw, oh, ow = _geometry(x, kernel, stride, padding, ceil_mode)
    N, C, H, W = x.shape
    padded = np.pad(x.astype(np.float64), ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    weight = np.zeros(padded.shape[2:])
    weight[ph:ph + H, pw:pw + W] = 1
    if count_include_pad:
        weight[:] = 1
    out = np.empty((N, C, oh, ow))
    for i in range(oh):
        for j in range(ow):
            rows, columns = slice(i * sh, i * sh + kh), slice(j * sw, j * sw + kw)
            out[:, :, i, j] = padded[:, :, rows, columns].sum(axis=(2, 3)) / weight[rows, columns].sum()
    return out


def global_avg_pool2d(x):
    return x.mean(axis=(2, 3), dtype=np.float64)


def adaptive_avg_pool2d(x, output_size):
    oh, ow = _pair(output_size)
    N, C, H, W = x.shape
    out = np.empty((N, C, oh, ow))
    for i in range(oh):
        top, bottom = i * H // oh, -(-(i + 1) * H // oh)
        for j in range(ow):
            left, right = j * W // ow, -(-(j + 1) * W // ow)
            out[:, :, i, j] = x[:, :, top:bottom, left:right].mean(axis=(2, 3), dtype=np.float64)
    return out
