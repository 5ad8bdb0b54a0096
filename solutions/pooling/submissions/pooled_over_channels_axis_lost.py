# /// answer
# mistake = "pooled-over-channels"
# title = "the channels are pooled together"
# hint = "Pooling treats every channel on its own: reduce over rows and columns only, so that C stays."
# points = {max_pool2d = 0, avg_pool2d = 0, global_avg_pool2d = 5, adaptive_avg_pool2d = 14}
# ///
import numpy as np


def _pair(value):
    return (value, value) if isinstance(value, int) else (value[0], value[1])


def _starts(n, k, s, p, ceil_mode):
    if 2 * p > k:
        raise ValueError("padding is more than half the kernel")
    starts = []
    at = -p
    while at + k <= n + p or (ceil_mode and at + k - s < n + p and at < n):
        starts.append(at)
        at += s
    return starts


def _windows(x, kernel, stride, padding, ceil_mode):
    k, p = _pair(kernel), _pair(padding)
    s = k if stride is None else _pair(stride)
    rows = _starts(x.shape[2], k[0], s[0], p[0], ceil_mode)
    cols = _starts(x.shape[3], k[1], s[1], p[1], ceil_mode)
    return rows, cols, k, p


def max_pool2d(x, kernel, stride=None, padding=0, ceil_mode=False):
    rows, cols, k, _ = _windows(x, kernel, stride, padding, ceil_mode)
    y = np.zeros((len(x), len(rows), len(cols)))
    for i, r in enumerate(rows):
        for j, c in enumerate(cols):
            y[:, i, j] = np.max(x[..., max(r, 0):r + k[0], max(c, 0):c + k[1]], axis=(-3, -2, -1))
    return y


def avg_pool2d(x, kernel, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    rows, cols, k, p = _windows(x, kernel, stride, padding, ceil_mode)
    H, W = x.shape[2:]
    y = np.zeros((len(x), len(rows), len(cols)))
    for i, r in enumerate(rows):
        for j, c in enumerate(cols):
            inside = x[..., max(r, 0):r + k[0], max(c, 0):c + k[1]]
            if count_include_pad:
                area = (min(r + k[0], H + p[0]) - r) * (min(c + k[1], W + p[1]) - c)
            else:
                area = inside.shape[-2] * inside.shape[-1]
            y[:, i, j] = np.sum(inside, axis=(1, 2, 3), dtype=np.float64) / (area * x.shape[1])
    return y


def global_avg_pool2d(x):
    N, C, H, W = x.shape
    return x.reshape(N, C, H * W).astype(float).sum(axis=-1) / (H * W)


def _bounds(n, o):
    return [(int(np.floor(i * n / o)), int(np.ceil((i + 1) * n / o))) for i in range(o)]


def adaptive_avg_pool2d(x, output_size):
    oh, ow = _pair(output_size)
    rows = [x[:, :, a:b].astype(float) for a, b in _bounds(x.shape[2], oh)]
    return np.stack([np.stack([r[..., a:b].mean(axis=(2, 3)) for a, b in _bounds(x.shape[3], ow)], axis=-1) for r in rows], axis=-2)
