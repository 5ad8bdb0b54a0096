# /// answer
# mistake = "pad-on-one-side"
# title = "The padding is on one side only"
# hint = "padding=1 adds a row above and one below, a column left and one right: the image grows by 2 each way."
# points = {pad2d = 10, cross_correlate2d = 15, conv2d = 22.5}
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
    out[..., top : shape[-2] - bottom, left : shape[-1] - right] = x
    return out


def cross_correlate2d(img, k):
    rows, cols = axes(img.shape, k.shape)
    img = img.astype(float)
    return sum(k[u, v] * img[rows.hits(u), cols.hits(v)] for u, v in np.ndindex(k.shape))


def two(v):
    return (v, v) if isinstance(v, (int, np.integer)) else (v[0], v[1])


def _conv(x, w, b, stride, padding, dilation):
    sh, sw = two(stride)
    ph, pw = two(padding)
    dh, dw = two(dilation)
    N, C, H, W = x.shape
    F, _, kH, kW = w.shape
    xp = np.zeros((N, C, H + 2 * ph, W + 2 * pw))
    xp[:, :, ph : ph + H, pw : pw + W] = x
    oh = (H + 2 * ph - dh * (kH - 1) - 1) // sh + 1
    ow = (W + 2 * pw - dw * (kW - 1) - 1) // sw + 1
    if oh < 1 or ow < 1:
        raise ValueError("kernel too large")
    out = np.zeros((N, F, oh, ow))
    for n in range(N):
        for f in range(F):
            for i in range(oh):
                for j in range(ow):
                    out[n, f, i, j] = (
                        xp[n, :, i * sh : i * sh + dh * (kH - 1) + 1 : dh, j * sw : j * sw + dw * (kW - 1) + 1 : dw]
                        * w[f]
                    ).sum()
    if b is not None:
        out += b.reshape(1, -1, 1, 1)
    return out


def conv2d(x, w, b=None, stride=1, padding=0, dilation=1):
    ph, pw = two(padding)
    return _conv(np.pad(x, ((0, 0), (0, 0), (0, 2 * ph), (0, 2 * pw))), w, b, stride, 0, dilation)
