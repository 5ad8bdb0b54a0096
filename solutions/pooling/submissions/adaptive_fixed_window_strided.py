# /// answer
# mistake = "adaptive-fixed-window"
# title = "adaptive pooling uses one window size and one stride"
# hint = "Adaptive windows differ in length: output i of o covers floor(i*n/o) up to, not including, ceil((i+1)*n/o)."
# points = {max_pool2d = 18, avg_pool2d = 18, global_avg_pool2d = 5, adaptive_avg_pool2d = 3}
# ///
import numpy as np


class Axis:
    """One axis of a pooling layer: its windows, and the matrix that averages over them."""

    def __init__(self, n, kernel, stride, padding, ceil_mode):
        if padding > kernel / 2:
            raise ValueError("padding is larger than half the kernel")
        self.n, self.kernel, self.padding = n, kernel, padding
        span = n + 2 * padding - kernel
        self.out = int(np.ceil(span / stride) if ceil_mode else np.floor(span / stride)) + 1
        if ceil_mode and (self.out - 1) * stride >= n + padding:
            self.out -= 1
        self.starts = np.arange(self.out) * stride - padding

    def cells(self):
        r = np.arange(self.n)
        return (r >= self.starts[:, None]) & (r < self.starts[:, None] + self.kernel)

    def lengths(self, counted):
        if not counted:
            return self.cells().sum(axis=1)
        return np.minimum(self.starts + self.kernel, self.n + self.padding) - self.starts


class Pool:
    def __init__(self, kernel, stride, padding, ceil_mode):
        self.settings = [self.both(kernel), self.both(kernel if stride is None else stride), self.both(padding)]
        self.ceil_mode = ceil_mode

    @staticmethod
    def both(v):
        return np.broadcast_to(v, (2,)).tolist()

    def axes(self, x):
        return [Axis(n, *setting, self.ceil_mode) for n, *setting in zip(x.shape[2:], *self.settings)]


class MaxPool(Pool):
    def __call__(self, x):
        x = np.asarray(x, dtype=float)
        rows, columns = self.axes(x)
        x = np.stack([x[:, :, keep].max(axis=2) for keep in rows.cells()], axis=2)
        return np.stack([x[:, :, :, keep].max(axis=3) for keep in columns.cells()], axis=3)


class AvgPool(Pool):
    def __call__(self, x, counted):
        left, right = (axis.cells() / axis.lengths(counted)[:, None] for axis in self.axes(x))
        return np.einsum("ih,nchw,jw->ncij", left, x, right)


def max_pool2d(x, kernel, stride=None, padding=0, ceil_mode=False):
    return MaxPool(kernel, stride, padding, ceil_mode)(x)


def avg_pool2d(x, kernel, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    return AvgPool(kernel, stride, padding, ceil_mode)(x, count_include_pad)


def adaptive_matrix(n, o):
    i, r = np.arange(o)[:, None], np.arange(n)
    inside = (r >= i * n // o) & (r * o < (i + 1) * n)
    return inside / inside.sum(axis=1, keepdims=True)


def global_avg_pool2d(x):
    return adaptive_avg_pool2d(x, 1)[:, :, 0, 0]


def _duo(a):
    return (a, a) if isinstance(a, (int, np.integer)) else tuple(a)


def adaptive_avg_pool2d(x, output_size):
    oh, ow = _duo(output_size)
    n, c, h, w = x.shape
    sh, sw = h // oh, w // ow
    kh, kw = h - (oh - 1) * sh, w - (ow - 1) * sw
    win = np.lib.stride_tricks.sliding_window_view(np.asarray(x, float), (kh, kw), (2, 3))[:, :, ::sh, ::sw]
    return win.mean((-1, -2))
