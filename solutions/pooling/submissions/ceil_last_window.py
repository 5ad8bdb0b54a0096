# /// answer
# mistake = "ceil-last-window"
# title = "with ceil_mode, a last window may start beyond the image"
# hint = "After rounding up, drop the last window if it starts beyond the image: (out - 1) * stride >= n + padding."
# points = {max_pool2d = 16, avg_pool2d = 17, global_avg_pool2d = 5, adaptive_avg_pool2d = 14}
# ///
import numpy as np


def as_pair(value):
    if isinstance(value, (tuple, list)):
        return value[0], value[1]
    return value, value


def output_size(n, k, s, p, ceil_mode):
    if ceil_mode:
        out = (n + 2 * p - k + s - 1) // s + 1
        return out
    return (n + 2 * p - k) // s + 1


def shifted(x, kernel, stride, padding, ceil_mode, fill):
    """One (N, C, H', W') slice of the padded image for each position in the kernel."""
    kh, kw = as_pair(kernel)
    sh, sw = (kh, kw) if stride is None else as_pair(stride)
    ph, pw = as_pair(padding)
    if ph > kh / 2 or pw > kw / 2:
        raise ValueError("too much padding")
    n, c, h, w = x.shape
    oh, ow = output_size(h, kh, sh, ph, ceil_mode), output_size(w, kw, sw, pw, ceil_mode)
    big = np.full((n, c, max(h + 2 * ph, oh * sh + kh), max(w + 2 * pw, ow * sw + kw)), fill, dtype=np.float64)
    big[:, :, ph:ph + h, pw:pw + w] = x
    for a in range(kh):
        for b in range(kw):
            yield big[:, :, a:a + oh * sh:sh, b:b + ow * sw:sw]


def max_pool2d(x, kernel, stride=None, padding=0, ceil_mode=False):
    best = None
    for piece in shifted(x, kernel, stride, padding, ceil_mode, -np.inf):
        best = piece.copy() if best is None else np.maximum(best, piece)
    return best


def avg_pool2d(x, kernel, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    total = sum(shifted(x, kernel, stride, padding, ceil_mode, 0.0))
    ones = np.ones((1, 1) + x.shape[2:])
    if count_include_pad:
        ph, pw = as_pair(padding)
        ones = np.pad(ones, ((0, 0), (0, 0), (ph, ph), (pw, pw)), constant_values=1.0)
        kh, kw = as_pair(kernel)
        sh, sw = (kh, kw) if stride is None else as_pair(stride)
        oh, ow = total.shape[2:]
        area = np.zeros((1, 1, max(ones.shape[2], oh * sh + kh), max(ones.shape[3], ow * sw + kw)))
        area[:, :, :ones.shape[2], :ones.shape[3]] = ones
        count = 0
        for a in range(kh):
            for b in range(kw):
                count = count + area[:, :, a:a + oh * sh:sh, b:b + ow * sw:sw]
    else:
        count = sum(shifted(ones, kernel, stride, padding, ceil_mode, 0.0))
    return total / count


def global_avg_pool2d(x):
    return np.einsum("nchw->nc", x, dtype=np.float64) / (x.shape[2] * x.shape[3])


def adaptive_avg_pool2d(x, output_size):
    oh, ow = as_pair(output_size)
    n, c, h, w = x.shape
    rows = [(i * h // oh, -((-(i + 1) * h) // oh)) for i in range(oh)]
    cols = [(j * w // ow, -((-(j + 1) * w) // ow)) for j in range(ow)]
    y = [[x[:, :, t:b, lo:hi].mean(axis=(2, 3), dtype=np.float64) for lo, hi in cols] for t, b in rows]
    return np.array(y).transpose(2, 3, 0, 1)
