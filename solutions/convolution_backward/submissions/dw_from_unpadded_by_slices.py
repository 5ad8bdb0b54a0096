# /// answer
# mistake = "dw-from-unpadded"
# title = "A negative index reads the other end of the image"
# hint = "x[..., -1] is the last column, not the zero of the padding. Skip what lies outside on either side."
# points = {conv2d_backward = 42.666667, numerical_grad = 14, rel_error = 8}
# ///
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np


@dataclass
class Axis:
    """One axis of the layer: which input line does tap u of output i see?"""

    n: int
    k: int
    out: int
    stride: int
    padding: int
    dilation: int

    def matrix(self):
        """(out, k, n): 1 where output i with tap u sees line m."""
        see = np.zeros((self.out, self.k, self.n))
        for i in range(self.out):
            for u in range(self.k):
                m = i * self.stride + u * self.dilation - self.padding
                if 0 <= m < self.n:
                    see[i, u, m] = 1
        return see


class Gradients(NamedTuple):
    dx: np.ndarray
    dw: np.ndarray
    db: np.ndarray


def axis(a, dout, x, w, *options):
    return Axis(x.shape[a], w.shape[a], dout.shape[a], *[o if np.isscalar(o) else o[a - 2] for o in options])


def right_conv2d_backward(dout, x, w, stride=1, padding=0, dilation=1):
    down = axis(2, dout, x, w, stride, padding, dilation).matrix()
    across = axis(3, dout, x, w, stride, padding, dilation).matrix()
    g = np.einsum("nfij,iur->nfujr", dout.astype(float), down)
    g = np.einsum("nfujr,jvs->nfuvrs", g, across)
    dx = np.einsum("nfuvrs,fcuv->ncrs", g, w.astype(float))
    dw = np.einsum("nfuvrs,ncrs->fcuv", g, x.astype(float))
    return Gradients(dx, dw, np.einsum("nfij->f", dout.astype(float)))


class Nudge:
    """f as a function of one element."""

    def __init__(self, f, x, index):
        self.f, self.x, self.index = f, x, index

    def __call__(self, by):
        moved = np.array(self.x, dtype=np.float64)
        moved[self.index] += by
        return self.f(moved)


def numerical_grad(f, x, eps=1e-5):
    slopes = []
    for index in np.ndindex(x.shape):
        g = Nudge(f, x, index)
        slopes.append((g(eps) - g(-eps)) / (2 * eps))
    return np.array(slopes).reshape(x.shape)


def rel_error(a, b):
    a, b = np.float64(a), np.float64(b)
    return np.divide(abs(a - b), np.clip(abs(a) + abs(b), 1e-8, None)).max()


def _pr(a):
    return (a, a) if np.isscalar(a) else tuple(a)


def _g(dout, x, w, stride, padding, dilation):
    s, p, d = map(_pr, (stride, padding, dilation))
    dout, x, w = (np.asarray(a, float) for a in (dout, x, w))
    xp = np.pad(x, ((0, 0), (0, 0), (p[0],) * 2, (p[1],) * 2))
    gx = np.zeros_like(xp)
    gw = np.zeros_like(w)
    H, W = dout.shape[2:]
    for u in range(w.shape[2]):
        for v in range(w.shape[3]):
            sl = np.s_[
                :, :, u * d[0] : u * d[0] + s[0] * (H - 1) + 1 : s[0], v * d[1] : v * d[1] + s[1] * (W - 1) + 1 : s[1]
            ]
            gx[sl] += np.einsum("nfhw,fc->nchw", dout, w[:, :, u, v])
            gw[:, :, u, v] = np.einsum("nfhw,nchw->fc", dout, xp[sl])
    h, q = x.shape[2:]
    return gx[:, :, p[0] : p[0] + h, p[1] : p[1] + q], gw, dout.sum((0, 2, 3)), gx


def conv2d_backward(dout, x, w, stride=1, padding=0, dilation=1):
    a, b, c, full = _g(dout, x, w, stride, padding, dilation)
    p = _pr(padding)
    z = np.zeros((x.shape[0], x.shape[1], x.shape[2] + 2 * p[0], x.shape[3] + 2 * p[1]))
    z[:, :, : x.shape[2], : x.shape[3]] = x
    return a, _g(dout, z, w, stride, 0, dilation)[1], c
