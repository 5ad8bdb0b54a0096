# /// answer
# mistake = "shares-overwritten"
# title = "where windows overlap, only the last share of a mean is kept"
# hint = "A cell that lies in several windows gets a share from each: += instead of =."
# points = {max_pool2d_backward = 27, avg_pool2d_backward = 8, global_avg_pool2d_backward = 8}
# ///
import numpy as np


def unpack(kernel, stride, padding):
    stride = kernel if stride is None else stride
    return [(v, v) if np.ndim(v) == 0 else (v[0], v[1]) for v in (kernel, stride, padding)]


def views(a, k, s, out):
    for u in range(k[0]):
        for v in range(k[1]):
            yield u * k[1] + v, a[:, :, u:u + s[0] * (out[0] - 1) + 1:s[0], v:v + s[1] * (out[1] - 1) + 1:s[1]]


def max_pool2d_backward(dout, x, kernel, stride=None, padding=0):
    k, s, p = unpack(kernel, stride, padding)
    h, w = x.shape[2:]
    out = dout.shape[2:]
    pads = [(0, 0), (0, 0), (p[0], p[0]), (p[1], p[1])]
    big = np.pad(x.astype(np.float64), pads, constant_values=-np.inf)
    best = np.full(dout.shape, -np.inf)
    winner = np.zeros(dout.shape, dtype=int)
    for number, part in views(big, k, s, out):
        better = part > best
        best[better] = part[better]
        winner[better] = number
    grad = np.zeros(big.shape)
    for number, part in views(grad, k, s, out):
        part += (winner == number) * dout
    return grad[:, :, p[0]:p[0] + h, p[1]:p[1] + w]


def avg_pool2d_backward(dout, x_shape, kernel, stride=None, padding=0, count_include_pad=True):
    k, s, p = unpack(kernel, stride, padding)
    n, c, h, w = x_shape
    out = dout.shape[2:]
    divisor = np.full(out, float(k[0] * k[1]))
    if not count_include_pad:
        starts = [np.arange(out[a]) * s[a] - p[a] for a in (0, 1)]
        covered = [np.minimum(starts[a] + k[a], (h, w)[a]) - np.maximum(starts[a], 0) for a in (0, 1)]
        divisor = np.outer(*covered).astype(float)
    share = dout / divisor
    grad = np.zeros((n, c, h + 2 * p[0], w + 2 * p[1]))
    for _, part in views(grad, k, s, out):
        part[...] = share
    return grad[:, :, p[0]:p[0] + h, p[1]:p[1] + w]


def global_avg_pool2d_backward(dout, x_shape):
    area = x_shape[2] * x_shape[3]
    return np.broadcast_to((dout / float(area))[..., None, None], x_shape).astype(np.float64)
