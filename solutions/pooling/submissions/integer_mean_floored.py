# /// answer
# mistake = "integer-mean"
# title = "the mean of integers is an integer"
# hint = "A mean is rarely a whole number: make the input or the result array float64 before you divide."
# points = {max_pool2d = 18, avg_pool2d = 1, global_avg_pool2d = 0, adaptive_avg_pool2d = 3}
# ///
import math
import numpy as np

def two(v):
    if isinstance(v, int):
        return v, v
    return v[0], v[1]

def geometry(x, kernel, stride, padding, ceil_mode):
    kernel = two(kernel)
    stride = kernel if stride is None else two(stride)
    padding = two(padding)
    sizes = []
    for n, k, s, p in zip(x.shape[2:], kernel, stride, padding):
        if p * 2 > k:
            raise ValueError("pad should be at most half of kernel")
        span = n + 2 * p - k
        out = (math.ceil(span / s) if ceil_mode else math.floor(span / s)) + 1
        if ceil_mode and (out - 1) * s >= n + p:
            out -= 1
        if out < 1:
            raise ValueError("too small")
        sizes.append(out)
    return kernel, stride, padding, sizes

def bordered(x, padding, kernel, stride, sizes, fill):
    n, c, h, w = x.shape
    (ph, pw), (kh, kw), (sh, sw), (oh, ow) = padding, kernel, stride, sizes
    H = max(h + 2 * ph, (oh - 1) * sh + kh)
    W = max(w + 2 * pw, (ow - 1) * sw + kw)
    big = np.full((n, c, H, W), fill)
    big[:, :, ph:ph + h, pw:pw + w] = x
    return big

def taps(big, kernel, stride, sizes):
    for u in range(kernel[0]):
        for v in range(kernel[1]):
            yield big[:, :, u:u + stride[0] * (sizes[0] - 1) + 1:stride[0], v:v + stride[1] * (sizes[1] - 1) + 1:stride[1]]

def max_pool2d(x, kernel, stride=None, padding=0, ceil_mode=False):
    x = np.array(x, dtype=float)
    kernel, stride, padding, sizes = geometry(x, kernel, stride, padding, ceil_mode)
    big = bordered(x, padding, kernel, stride, sizes, -np.inf)
    best = np.full(x.shape[:2] + tuple(sizes), -np.inf)
    for tap in taps(big, kernel, stride, sizes):
        best = np.maximum(best, tap)
    return best

def avg_pool2d(x, kernel, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    x = np.array(x, dtype=float)
    kernel, stride, padding, sizes = geometry(x, kernel, stride, padding, ceil_mode)
    big = bordered(x, padding, kernel, stride, sizes, 0.0)
    ph, pw = padding
    h, w = x.shape[2:]
    counted = np.zeros((1, 1) + big.shape[2:])
    if count_include_pad:
        counted[:, :, :h + 2 * ph, :w + 2 * pw] = 1
    else:
        counted[:, :, ph:ph + h, pw:pw + w] = 1
    total = sum(taps(big, kernel, stride, sizes))
    cells = sum(taps(counted, kernel, stride, sizes))
    return total // cells

def global_avg_pool2d(x):
    return np.array(x, dtype=float).reshape(x.shape[0], x.shape[1], -1).mean(-1) // 1

def adaptive_avg_pool2d(x, output_size):
    x = np.array(x, dtype=float)
    oh, ow = two(output_size)
    h, w = x.shape[2:]
    rows = [x[:, :, math.floor(i * h / oh):math.ceil((i + 1) * h / oh)] for i in range(oh)]
    out = [[r[:, :, :, j * w // ow:math.ceil((j + 1) * w / ow)].mean((2, 3)) // 1 for j in range(ow)] for r in rows]
    return np.moveaxis(np.array(out), (0, 1), (2, 3))
