# /// answer
# mistake = "adaptive-fixed-window"
# title = "adaptive pooling uses one window size and one stride"
# hint = "Adaptive windows differ in length: output i of o covers floor(i*n/o) up to, not including, ceil((i+1)*n/o)."
# points = {max_pool2d = 18, avg_pool2d = 18, global_avg_pool2d = 5, adaptive_avg_pool2d = 5.5}
# ///
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def _two(v):
    return (v, v) if isinstance(v, int) else tuple(v)


def _setup(shape, kernel, stride, padding, ceil_mode):
    """Kernel and stride as pairs, output size, and (before, after) padding of each axis, overhang included."""
    kernel, padding = _two(kernel), _two(padding)
    stride = kernel if stride is None else _two(stride)
    if any(2 * p > k for k, p in zip(kernel, padding)):
        raise ValueError("padding must be at most half of the kernel")
    size, pads = [], []
    for n, k, s, p in zip(shape[2:], kernel, stride, padding):
        room = n + 2 * p - k
        out = room // s + 1
        if ceil_mode and room % s and out * s < n + p:
            out += 1
        size.append(out)
        pads.append((p, max(0, (out - 1) * s + k - n - p)))
    return kernel, stride, padding, size, pads


def _windows(x, kernel, stride, size):
    view = sliding_window_view(x, kernel, axis=(2, 3))
    return view[:, :, :: stride[0], :: stride[1]][:, :, : size[0], : size[1]]


def max_pool2d(x, kernel, stride=None, padding=0, ceil_mode=False):
    kernel, stride, padding, size, pads = _setup(x.shape, kernel, stride, padding, ceil_mode)
    x = np.pad(x.astype(np.float64), ((0, 0), (0, 0), *pads), constant_values=-np.inf)
    return _windows(x, kernel, stride, size).max(axis=(-2, -1))


def avg_pool2d(x, kernel, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    kernel, stride, padding, size, pads = _setup(x.shape, kernel, stride, padding, ceil_mode)
    counts = np.ones((1, 1, *x.shape[2:]))
    if count_include_pad:
        (ph, pw), (top, left) = padding, (pads[0][1], pads[1][1])
        counts = np.ones((1, 1, x.shape[2] + ph + min(ph, top), x.shape[3] + pw + min(pw, left)))
        rest = ((0, 0), (0, 0), (0, max(0, top - ph)), (0, max(0, left - pw)))
        counts = np.pad(counts, rest)
    else:
        counts = np.pad(counts, ((0, 0), (0, 0), *pads))
    x = np.pad(x.astype(np.float64), ((0, 0), (0, 0), *pads))
    total = _windows(x, kernel, stride, size).sum(axis=(-2, -1))
    return total / _windows(counts, kernel, stride, size).sum(axis=(-2, -1))


def global_avg_pool2d(x):
    n, c = x.shape[:2]
    return x.reshape(n, c, -1).astype(np.float64).sum(axis=2) / (x.shape[2] * x.shape[3])


def hw(v):
    return (v, v) if np.isscalar(v) else tuple(v)


def adaptive_avg_pool2d(x, output_size):
    oh, ow = hw(output_size)
    H, W = x.shape[2:]
    kh, kw = -(-H // oh), -(-W // ow)
    y = np.zeros(x.shape[:2] + (oh, ow))
    for i in range(oh):
        for j in range(ow):
            y[:, :, i, j] = x[:, :, i * H // oh : i * H // oh + kh, j * W // ow : j * W // ow + kw].mean((2, 3))
    return y
