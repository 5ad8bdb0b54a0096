# /// answer
# mistake = "pads-counted-along-width"
# title = "without counted pads, the width still counts them"
# hint = "With count_include_pad=False both axes of the divisor are cut to the image."
# points = {max_pool2d = 18, avg_pool2d = 14.75, global_avg_pool2d = 5, adaptive_avg_pool2d = 14}
# ///
import math
import numpy as np


class Windows:
    def __init__(self, n, k, s, p, ceil_mode):
        if k < 2 * p: raise ValueError("padding")
        self.spans = []
        f = math.ceil if ceil_mode else math.floor
        for i in range(f((n + 2 * p - k) / s) + 1):
            start = i * s - p
            if ceil_mode and start >= n: break
            stop = min(start + k, n + p)
            self.spans.append((max(start, 0), min(stop, n), stop - start))


def _axes(x, kernel, stride, padding, ceil_mode):
    as2 = lambda v: (v, v) if isinstance(v, int) else (v[0], v[1])
    stride = kernel if stride is None else stride
    return [Windows(n, k, s, p, ceil_mode).spans for n, k, s, p in zip(x.shape[2:], as2(kernel), as2(stride), as2(padding))]


def max_pool2d(x, kernel, stride=None, padding=0, ceil_mode=False):
    rows, cols = _axes(x, kernel, stride, padding, ceil_mode)
    half = np.stack([x[:, :, a:b].max(axis=2) for a, b, _ in rows], axis=2)
    return np.stack([half[..., a:b].max(axis=-1) for a, b, _ in cols], axis=-1).astype(np.float64)


def avg_pool2d(x, kernel, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    rows, cols = _axes(x, kernel, stride, padding, ceil_mode)
    x = x.astype(np.float64)
    half = np.stack([x[:, :, a:b].sum(axis=2) / (t if count_include_pad else b - a) for a, b, t in rows], axis=2)
    return np.stack([half[..., a:b].sum(axis=-1) / (t if count_include_pad else t) for a, b, t in cols], axis=-1)


def global_avg_pool2d(x):
    return np.einsum("nchw->nc", x.astype(float)) / (x.shape[2] * x.shape[3])


def adaptive_avg_pool2d(x, output_size):
    size = (output_size,) * 2 if isinstance(output_size, int) else output_size
    for axis, o in zip((2, 3), size):
        n = x.shape[axis]
        parts = [x.take(range(i * n // o, (i * n + n + o - 1) // o), axis=axis).astype(float).mean(axis=axis) for i in range(o)]
        x = np.stack(parts, axis=axis)
    return x
