# /// answer
# mistake = "pair-order-swapped"
# title = "a pair is read as (width, height)"
# hint = "Every pair is (height, width): the first number belongs to the rows, which are axis 2."
# points = {max_pool2d = 18, avg_pool2d = 18, global_avg_pool2d = 5, adaptive_avg_pool2d = 2.5}
# ///
import numpy as np
from numpy.lib.stride_tricks import as_strided


def two(v): return (v, v) if np.ndim(v) == 0 else tuple(v)


def osize(n, k, s, p, up):
    o = int(np.ceil((n + 2 * p - k) / s)) if up else (n + 2 * p - k) // s
    o += 1
    if up and (o - 1) * s >= n + p: o -= 1
    return o


def view(x, kernel, stride, padding, up, fill):
    k, p = two(kernel), two(padding)
    s = two(stride) if stride is not None else k
    if p[0] * 2 > k[0] or p[1] * 2 > k[1]: raise ValueError("too much padding")
    n, c, h, w = x.shape
    oh, ow = osize(h, k[0], s[0], p[0], up), osize(w, k[1], s[1], p[1], up)
    bh, bw = max(0, (oh - 1) * s[0] + k[0] - h - p[0]), max(0, (ow - 1) * s[1] + k[1] - w - p[1])
    big = np.pad(x.astype(float), ((0, 0), (0, 0), (p[0], bh), (p[1], bw)), constant_values=fill)
    a, b, r, q = big.strides
    return as_strided(big, (n, c, oh, ow, *k), (a, b, r * s[0], q * s[1], r, q)), big


def max_pool2d(x, kernel, stride=None, padding=0, ceil_mode=False):
    v, _ = view(x, kernel, stride, padding, ceil_mode, -np.inf)
    return v.max(axis=(-2, -1))


def avg_pool2d(x, kernel, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    v, _ = view(x, kernel, stride, padding, ceil_mode, 0.0)
    p = two(padding)
    ones = np.ones((1, 1, *x.shape[2:]))
    if count_include_pad:
        ones = np.ones((1, 1, x.shape[2] + 2 * p[0], x.shape[3] + 2 * p[1]))
        cnt = np.zeros(v.shape[2:4])
        s = two(kernel if stride is None else stride); k = two(kernel)
        for i in range(cnt.shape[0]):
            for j in range(cnt.shape[1]):
                cnt[i, j] = ones[0, 0, i * s[0]:i * s[0] + k[0], j * s[1]:j * s[1] + k[1]].sum()
    else:
        cnt = view(ones, kernel, stride, padding, ceil_mode, 0.0)[0].sum((-1, -2))[0, 0]
    return v.sum(axis=(4, 5)) / cnt


def global_avg_pool2d(x):
    return np.asarray(x, float).mean(3).mean(2)


def adaptive_avg_pool2d(x, output_size):
    ow, oh = two(output_size)
    h, w = x.shape[2:]
    s = np.pad(np.asarray(x, float), ((0, 0), (0, 0), (1, 0), (1, 0)))
    i, j = np.arange(oh), np.arange(ow)
    t, b = i * h // oh, -(-(i + 1) * h // oh)
    l, r = j * w // ow, -(-(j + 1) * w // ow)
    m = lambda rows, n: np.array([[float(a <= q < z) / (z - a) for q in range(n)] for a, z in rows])
    out = np.empty((*x.shape[:2], oh, ow))
    for y in range(oh):
        for z in range(ow):
            out[:, :, y, z] = s[:, :, 1 + t[y]:1 + b[y], 1 + l[z]:1 + r[z]].sum((2, 3)) / ((b[y] - t[y]) * (r[z] - l[z]))
    return out
