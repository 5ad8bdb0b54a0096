# /// answer
# mistake = "overlaps-overwritten"
# title = "Where windows overlap, the last entry overwrites the others"
# hint = "col2im adds up all entries of a pixel: += in the loop over taps, not =."
# points = {im2col = 20, col2im = 3.583333, conv2d_im2col = 15}
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


def conv2d_im2col(x, w, b=None, stride=1, padding=0, dilation=1):
    unfold = Unfold(x.shape[2:], w.shape[2:], stride, padding, dilation)
    y = w.reshape(len(w), -1) @ unfold(x)
    if b is not None:
        y += np.reshape(b, (1, -1, 1))
    return y.reshape(len(x), len(w), unfold.rows.out, unfold.cols.out)


def two(v):
    return (int(v), int(v)) if np.ndim(v) == 0 else (int(v[0]), int(v[1]))


def geo(h, w, k, s, p, d):
    return (h + 2 * p[0] - d[0] * (k[0] - 1) - 1) // s[0] + 1, (w + 2 * p[1] - d[1] * (k[1] - 1) - 1) // s[1] + 1


def fol(cols, shape, k, s, p, d, add=True, crop=True):
    k, s, p, d = two(k), two(s), two(p), two(d)
    n, c, h, w = shape
    oh, ow = geo(h, w, k, s, p, d)
    t = np.asarray(cols, float).reshape(n, c, k[0], k[1], oh, ow)
    im = np.zeros((n, c, h + 2 * p[0], w + 2 * p[1]))
    for u in range(k[0]):
        for v in range(k[1]):
            sl = np.s_[
                :, :, u * d[0] : u * d[0] + s[0] * (oh - 1) + 1 : s[0], v * d[1] : v * d[1] + s[1] * (ow - 1) + 1 : s[1]
            ]
            if add:
                im[sl] += t[:, :, u, v]
            else:
                im[sl] = t[:, :, u, v]
    return im[:, :, p[0] : p[0] + h, p[1] : p[1] + w] if crop else im


def col2im(cols, x_shape, kernel, stride=1, padding=0, dilation=1):
    return fol(cols, x_shape, kernel, stride, padding, dilation, add=False)
