# /// answer
# mistake = "overlap-overwritten"
# title = "a cell that wins twice keeps only the last gradient"
# hint = "Where windows overlap, gradients add up: += instead of =."
# points = {max_pool2d_backward = 12, avg_pool2d_backward = 20, global_avg_pool2d_backward = 8}
# ///
import numpy as np


def _hw(value):
    return (value, value) if np.isscalar(value) else value


def _offsets(kernel, stride, shape):
    """Kernel position (a, b) and the cells of the padded image it touches in all windows."""
    (kh, kw), (sh, sw), (oh, ow) = kernel, stride, shape
    for a in range(kh):
        for b in range(kw):
            yield slice(a, a + sh * (oh - 1) + 1, sh), slice(b, b + sw * (ow - 1) + 1, sw)


def max_pool2d_backward(dout, x, kernel, stride=None, padding=0):
    k, p = _hw(kernel), _hw(padding)
    s = k if stride is None else _hw(stride)
    n, c, h, w = x.shape
    big = np.full((n, c, h + 2 * p[0], w + 2 * p[1]), -np.inf)
    big[:, :, p[0]:p[0] + h, p[1]:p[1] + w] = x
    grad = np.zeros(big.shape)
    stack = np.stack([big[:, :, rows, cols] for rows, cols in _offsets(k, s, dout.shape[2:])])
    a, b = np.divmod(stack.argmax(axis=0), k[1])
    ns, cs, i, j = np.indices(dout.shape)
    grad[ns, cs, i * s[0] + a, j * s[1] + b] += dout
    return grad[:, :, p[0]:p[0] + h, p[1]:p[1] + w]


def avg_pool2d_backward(dout, x_shape, kernel, stride=None, padding=0, count_include_pad=True):
    k, p = _hw(kernel), _hw(padding)
    s = k if stride is None else _hw(stride)
    n, c, h, w = x_shape
    ones = np.zeros((h + 2 * p[0], w + 2 * p[1]))
    ones[p[0]:p[0] + h, p[1]:p[1] + w] = 1.0
    divisor = np.full(dout.shape[2:], float(k[0] * k[1]))
    if not count_include_pad:
        divisor = sum(ones[rows, cols] for rows, cols in _offsets(k, s, dout.shape[2:]))
    share = dout / divisor
    grad = np.zeros((n, c, h + 2 * p[0], w + 2 * p[1]))
    for rows, cols in _offsets(k, s, dout.shape[2:]):
        grad[:, :, rows, cols] += share
    return grad[:, :, p[0]:p[0] + h, p[1]:p[1] + w]


def global_avg_pool2d_backward(dout, x_shape):
    h, w = x_shape[2], x_shape[3]
    weights = np.full((h, w), 1.0 / (h * w))
    return np.einsum("nc,hw->nchw", dout.astype(float), weights)
