# /// answer
# right = true
# ///
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Axis:
    size: int
    taps: int
    stride: int
    pad: int
    dilation: int

    @property
    def out(self):
        return (self.size + 2 * self.pad - self.dilation * (self.taps - 1) - 1) // self.stride + 1

    def gather(self):
        """0/1 matrix (taps*out, size): which pixel each (tap, window) reads; padding is a row of zeros."""
        m = np.zeros((self.taps, self.out, self.size))
        for t in range(self.taps):
            for o in range(self.out):
                at = o * self.stride + t * self.dilation - self.pad
                if 0 <= at < self.size:
                    m[t, o, at] = 1
        return m


class Unfold:
    def __init__(self, hw, kernel, stride, padding, dilation):
        pairs = [(p, p) if isinstance(p, int) else p for p in (kernel, stride, padding, dilation)]
        self.rows, self.cols = (Axis(hw[a], *(p[a] for p in pairs)) for a in (0, 1))

    def __call__(self, x):
        y = np.einsum("uih,vjw,nchw->ncuvij", self.rows.gather(), self.cols.gather(), x, optimize=True)
        return y.reshape(len(x), -1, self.rows.out * self.cols.out)

    def transpose(self, cols, x_shape):
        a, b = self.rows.gather(), self.cols.gather()
        cols = cols.reshape(x_shape[0], x_shape[1], a.shape[0], b.shape[0], a.shape[1], b.shape[1])
        return np.einsum("uih,vjw,ncuvij->nchw", a, b, cols, optimize=True)


def im2col(x, kernel, stride=1, padding=0, dilation=1):
    return np.array(Unfold(x.shape[2:], kernel, stride, padding, dilation)(x), dtype=np.float64)


def col2im(cols, x_shape, kernel, stride=1, padding=0, dilation=1):
    return Unfold(x_shape[2:], kernel, stride, padding, dilation).transpose(cols, x_shape)


def conv2d_im2col(x, w, b=None, stride=1, padding=0, dilation=1):
    unfold = Unfold(x.shape[2:], w.shape[2:], stride, padding, dilation)
    y = w.reshape(len(w), -1) @ unfold(x)
    if b is not None:
        y += np.reshape(b, (1, -1, 1))
    return y.reshape(len(x), len(w), unfold.rows.out, unfold.cols.out)
