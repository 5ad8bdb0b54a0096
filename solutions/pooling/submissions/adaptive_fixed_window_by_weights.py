# /// answer
# mistake = "adaptive-fixed-window"
# title = "adaptive pooling uses one window size and one stride"
# hint = "Adaptive windows differ in length: output i of o covers floor(i*n/o) up to, not including, ceil((i+1)*n/o)."
# points = {max_pool2d = 18, avg_pool2d = 18, global_avg_pool2d = 5, adaptive_avg_pool2d = 2.75}
# ///
import math
import numpy as np
from numpy.lib.stride_tricks import as_strided


def pair(v):
    return tuple(v) if hasattr(v, "__len__") else (v, v)


class Plan:
    def __init__(self, shape, kernel, stride, padding, ceil_mode):
        self.k = pair(kernel)
        self.s = pair(stride if stride is not None else kernel)
        self.p = pair(padding)
        if self.p[0] > self.k[0] / 2 or self.p[1] > self.k[1] / 2:
            raise ValueError("too much padding")
        self.o = tuple(self._count(n, k, s, p, ceil_mode) for n, k, s, p in zip(shape[2:], self.k, self.s, self.p))

    @staticmethod
    def _count(n, k, s, p, ceil_mode):
        q = (n + 2 * p - k) / s
        if not ceil_mode:
            return math.floor(q) + 1
        o = math.ceil(q) + 1
        return o - 1 if (o - 1) * s >= n + p else o

    def windows(self, x, fill):
        n, c, h, w = x.shape
        need = [(o - 1) * s + k for o, s, k in zip(self.o, self.s, self.k)]
        xp = np.full((n, c, max(need[0], h + self.p[0]), max(need[1], w + self.p[1])), fill, dtype=np.float64)
        xp[:, :, self.p[0]:self.p[0] + h, self.p[1]:self.p[1] + w] = x
        a, b, i, j = xp.strides
        return as_strided(xp, (n, c) + self.o + self.k, (a, b, i * self.s[0], j * self.s[1], i, j))


def max_pool2d(x, kernel, stride=None, padding=0, ceil_mode=False):
    return Plan(x.shape, kernel, stride, padding, ceil_mode).windows(x, -np.inf).max(axis=(-1, -2))


def avg_pool2d(x, kernel, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    plan = Plan(x.shape, kernel, stride, padding, ceil_mode)
    total = plan.windows(x, 0.0).sum(axis=(-1, -2))
    lengths = []
    for n, k, s, p, o in zip(x.shape[2:], plan.k, plan.s, plan.p, plan.o):
        start = np.arange(o) * s - p
        stop = np.minimum(start + k, n + p)
        if not count_include_pad:
            start, stop = np.maximum(start, 0), np.minimum(stop, n)
        lengths.append(stop - start)
    return total / np.multiply.outer(*lengths)


def global_avg_pool2d(x):
    n, c = x.shape[:2]
    return np.asarray(x, dtype=np.float64).reshape(n, c, -1).mean(axis=2)


def adaptive_avg_pool2d(x, output_size):
    def weights(n, o):
        m = np.zeros((o, n))
        for i in range(o):
            size = math.ceil(n / o)
            a, b = i * size, min((i + 1) * size, n)
            if a >= b:
                a = b - 1
            m[i, a:b] = 1 / (b - a)
        return m
    oh, ow = pair(output_size)
    return np.einsum("ih,nchw,jw->ncij", weights(x.shape[2], oh), np.asarray(x, dtype=np.float64), weights(x.shape[3], ow))
