# /// answer
# right = true
# ///
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Axis:
    """One spatial axis of a sliding window."""

    size: int
    taps: int
    stride: int = 1
    pad: int = 0
    dilation: int = 1

    @property
    def out(self):
        return (self.size + 2 * self.pad - self.dilation * (self.taps - 1) - 1) // self.stride + 1

    def hits(self, tap):
        """The padded positions that `tap` touches, one for each output position."""
        start = tap * self.dilation
        return slice(start, start + self.stride * (self.out - 1) + 1, self.stride)


def axes(image, kernel, *options):
    pairs = [o if isinstance(o, (tuple, list)) else (o, o) for o in options]
    return [Axis(image[d], kernel[d], *(p[d] for p in pairs)) for d in (0, 1)]


def pad2d(x, pad, value=0.0):
    top, bottom, left, right = pad
    shape = list(x.shape)
    shape[-2] += top + bottom
    shape[-1] += left + right
    out = np.ones(shape) * value
    out[..., top:shape[-2] - bottom, left:shape[-1] - right] = x
    return out


def cross_correlate2d(img, k):
    rows, cols = axes(img.shape, k.shape)
    img = img.astype(float)
    return sum(k[u, v] * img[rows.hits(u), cols.hits(v)] for u, v in np.ndindex(k.shape))


def conv2d(x, w, b=None, stride=1, padding=0, dilation=1):
    rows, cols = axes(x.shape[2:], w.shape[2:], stride, padding, dilation)
    x = pad2d(x, (rows.pad, rows.pad, cols.pad, cols.pad))
    y = np.zeros((len(x), len(w), rows.out, cols.out))
    if b is not None:
        y += np.asarray(b)[:, np.newaxis, np.newaxis]
    for u in range(rows.taps):
        for v in range(cols.taps):
            seen = x[:, :, rows.hits(u), cols.hits(v)]
            y += (w[:, :, u, v] @ seen.reshape(*seen.shape[:2], -1)).reshape(y.shape)
    return y
