# /// answer
# mistake = "stride-default-one"
# title = "stride=None is taken as 1"
# hint = "Without a stride, windows lie side by side: the stride is the kernel's size, on each axis."
# points = {max_pool2d_backward = 18.0833, avg_pool2d_backward = 20, global_avg_pool2d_backward = 8}
# ///
from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


class _Layer:
    """Which flat cell of the image each place of each window reads; -1 for padding."""

    def __init__(self, h, w, kernel, stride, padding):
        self.k = kernel if isinstance(kernel, tuple) else (kernel, kernel)
        stride = self.k if stride is None else stride
        s = stride if isinstance(stride, tuple) else (stride, stride)
        p = padding if isinstance(padding, tuple) else (padding, padding)
        cells = np.pad(np.arange(h * w).reshape(h, w), ((p[0], p[0]), (p[1], p[1])), constant_values=-1)
        view = sliding_window_view(cells, self.k)[:: s[0], :: s[1]]
        self.cells = view.reshape(view.shape[0] * view.shape[1], -1)
        self.valid = self.cells >= 0

    def scatter(self, where, values, size):
        """Adds values (M, ...) at the flat cells `where` of M maps of `size` cells; one more cell takes the waste."""
        maps = values.shape[0]
        target = np.zeros((maps, size + 1))
        where = np.where(where < 0, size, where)
        index = np.arange(maps).reshape((-1,) + (1,) * (values.ndim - 1))
        np.add.at(target, (index, where), values)
        return target[:, :size]


def right_max_pool2d_backward(dout, x, kernel, stride=None, padding=0):
    n, c, h, w = x.shape
    layer = _Layer(h, w, kernel, stride, padding)
    flat = np.asarray(x, dtype=float).reshape(n * c, h * w)
    values = np.where(layer.valid, flat[:, layer.cells], -np.inf)
    first = values.argmax(axis=-1)
    where = layer.cells[np.arange(layer.cells.shape[0]), first]
    return layer.scatter(where, dout.reshape(n * c, -1), h * w).reshape(n, c, h, w)


def avg_pool2d_backward(dout, x_shape, kernel, stride=None, padding=0, count_include_pad=True):
    n, c, h, w = x_shape
    layer = _Layer(h, w, kernel, stride, padding)
    divisor = layer.k[0] * layer.k[1] if count_include_pad else layer.valid.sum(axis=1)
    share = dout.reshape(n * c, -1) / divisor
    spread = np.broadcast_to(share[:, :, None], share.shape + (layer.cells.shape[1],))
    where = np.broadcast_to(layer.cells, spread.shape)
    return layer.scatter(where, spread, h * w).reshape(n, c, h, w)


def global_avg_pool2d_backward(dout, x_shape):
    return avg_pool2d_backward(dout[:, :, None, None], x_shape, tuple(x_shape[2:]))


def max_pool2d_backward(dout, x, kernel, stride=None, padding=0):
    return right_max_pool2d_backward(dout, x, kernel, 1 if stride is None else stride, padding)
