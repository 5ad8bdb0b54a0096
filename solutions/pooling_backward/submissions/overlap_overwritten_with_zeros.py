# /// answer
# mistake = "overlap-overwritten"
# title = "a cell that wins twice keeps only the last gradient"
# hint = "Where windows overlap, gradients add up: += instead of =."
# points = {max_pool2d_backward = 12, avg_pool2d_backward = 20, global_avg_pool2d_backward = 8}
# ///
import numpy as np


def pair(value):
    return tuple(value) if hasattr(value, "__len__") else (int(value), int(value))


def reads(n, out, k, s, p):
    """(out, n) matrix of zeros and ones: which cells each window reads along one axis."""
    start = np.arange(out)[:, None] * s - p
    cell = np.arange(n)[None, :]
    return ((cell >= start) & (cell < start + k)).astype(np.float64)


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


def two(v):
    return (v, v) if np.isscalar(v) else (v[0], v[1])


def mb(dout, x, kernel, stride, padding, pick=None, fill=-np.inf, assign=False, crop=True, shift=True):
    (kh, kw), (ph, pw) = two(kernel), two(padding)
    sh, sw = two(kernel if stride is None else stride)
    n, c, h, w = x.shape
    xp = np.full((n, c, h + 2 * ph, w + 2 * pw), float(fill))
    xp[:, :, ph : ph + h, pw : pw + w] = x
    d = np.zeros_like(xp)
    for a, b, i, j in np.ndindex(dout.shape):
        win = xp[a, b, i * sh : i * sh + kh, j * sw : j * sw + kw]
        m = pick(win) if pick else None
        if m is None:
            m = np.zeros(win.shape)
            m.flat[win.argmax()] = 1
        if assign:
            d[a, b, i * sh : i * sh + kh, j * sw : j * sw + kw] = m * dout[a, b, i, j]
        else:
            d[a, b, i * sh : i * sh + kh, j * sw : j * sw + kw] += m * dout[a, b, i, j]
    return d[:, :, ph : ph + h, pw : pw + w] if crop else d


def max_pool2d_backward(dout, x, kernel, stride=None, padding=0):
    return mb(dout, x, kernel, stride, padding, assign=True)
