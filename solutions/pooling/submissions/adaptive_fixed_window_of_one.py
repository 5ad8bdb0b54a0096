# /// answer
# mistake = "adaptive-fixed-window"
# title = "adaptive pooling uses one window size and one stride"
# hint = "Adaptive windows differ in length: output i of o covers floor(i*n/o) up to, not including, ceil((i+1)*n/o)."
# points = {max_pool2d = 18, avg_pool2d = 18, global_avg_pool2d = 5, adaptive_avg_pool2d = 2}
# ///
import numpy as np


def windows(n, kernel, stride, padding, ceil_mode):
    """First cell and one past the last of every window, cut at the padded image."""
    starts = list(range(-padding, n + padding - kernel + 1, stride))
    if ceil_mode:
        following = starts[-1] + stride if starts else -padding
        covered = starts[-1] + kernel if starts else -padding
        if covered < n + padding and following < n:
            starts.append(following)
    return [(a, min(a + kernel, n + padding)) for a in starts]


def prepare(x, kernel, stride, padding, ceil_mode):
    pairs = [v if isinstance(v, tuple) else (v, v) for v in (kernel, kernel if stride is None else stride, padding)]
    if np.any(2 * np.array(pairs[2]) > np.array(pairs[0])):
        raise ValueError(f"padding {padding} exceeds half of kernel {kernel}")
    (kh, kw), (sh, sw), (ph, pw) = pairs
    return windows(x.shape[2], kh, sh, ph, ceil_mode), windows(x.shape[3], kw, sw, pw, ceil_mode)


def sums(x, rows, cols):
    n, c, h, w = x.shape
    table = np.zeros((n, c, h + 1, w + 1))
    table[:, :, 1:, 1:] = np.cumsum(np.cumsum(x, axis=2, dtype=float), axis=3)
    t, b = np.clip(np.array(rows).T, 0, h)
    a, z = np.clip(np.array(cols).T, 0, w)
    strips = table[:, :, b] - table[:, :, t]
    return strips[:, :, :, z] - strips[:, :, :, a]


def max_pool2d(x, kernel, stride=None, padding=0, ceil_mode=False):
    rows, cols = prepare(x, kernel, stride, padding, ceil_mode)
    out = np.array(x, dtype=float)
    out = np.concatenate([out[:, :, max(a, 0) : b].max(2, keepdims=True) for a, b in rows], axis=2)
    return np.concatenate([out[:, :, :, max(a, 0) : b].max(3, keepdims=True) for a, b in cols], axis=3)


def avg_pool2d(x, kernel, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    rows, cols = prepare(x, kernel, stride, padding, ceil_mode)
    total = sums(x, rows, cols)
    if not count_include_pad:
        return total / sums(np.ones((1, 1) + x.shape[2:]), rows, cols)
    heights, lengths = (np.array([b - a for a, b in spans]) for spans in (rows, cols))
    return total / np.outer(heights, lengths)


def global_avg_pool2d(x):
    return np.array([[plane.mean(dtype=float) for plane in image] for image in x])


def two(v):
    return (v, v) if isinstance(v, (int, np.integer)) else (v[0], v[1])


def adaptive_avg_pool2d(x, output_size):
    oh, ow = two(output_size)
    h, w = x.shape[2:]
    kh, kw = max(h // oh, 1), max(w // ow, 1)
    y = np.zeros(x.shape[:2] + (oh, ow))
    for i in range(oh):
        for j in range(ow):
            y[:, :, i, j] = x[:, :, i * kh : (i + 1) * kh, j * kw : (j + 1) * kw].mean((2, 3))
    return y
