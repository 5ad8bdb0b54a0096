# /// answer
# title = "Means as transposed matrix products, maxima from a stack of windows"
# right = true
# ///
import numpy as np


def pair(value):
    return tuple(value) if hasattr(value, "__len__") else (int(value), int(value))


def reads(n, out, k, s, p):
    """(out, n) matrix of zeros and ones: which cells each window reads along one axis."""
    start = np.arange(out)[:, None] * s - p
    cell = np.arange(n)[None, :]
    return ((cell >= start) & (cell < start + k)).astype(np.float64)


def max_pool2d_backward(dout, x, kernel, stride=None, padding=0):
    k, p = pair(kernel), pair(padding)
    s = k if stride is None else pair(stride)
    oh, ow = dout.shape[2:]
    rows, cols = reads(x.shape[2], oh, k[0], s[0], p[0]), reads(x.shape[3], ow, k[1], s[1], p[1])
    dx = np.zeros(x.shape)
    for i, j in np.ndindex(oh, ow):
        seen = np.outer(rows[i], cols[j]).astype(bool)
        values = np.where(seen, x, -np.inf).reshape(-1, seen.size)
        winner = np.zeros(values.shape)
        winner[np.arange(len(values)), values.argmax(axis=1)] = 1.0
        dx += winner.reshape(x.shape) * dout[:, :, i, j, None, None]
    return dx


def avg_pool2d_backward(dout, x_shape, kernel, stride=None, padding=0, count_include_pad=True):
    k, p = pair(kernel), pair(padding)
    s = k if stride is None else pair(stride)
    oh, ow = dout.shape[2:]
    rows, cols = reads(x_shape[2], oh, k[0], s[0], p[0]), reads(x_shape[3], ow, k[1], s[1], p[1])
    if count_include_pad:
        rows, cols = rows / k[0], cols / k[1]
    else:
        rows, cols = rows / rows.sum(axis=1, keepdims=True), cols / cols.sum(axis=1, keepdims=True)
    return rows.T @ dout @ cols


def global_avg_pool2d_backward(dout, x_shape):
    mean = dout.astype(np.float64) / (x_shape[2] * x_shape[3])
    return np.repeat(np.repeat(mean[:, :, None, None], x_shape[2], axis=2), x_shape[3], axis=3)
