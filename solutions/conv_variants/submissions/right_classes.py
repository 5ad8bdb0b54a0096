# /// answer
# title = "a class for the layer, the groups as batches of a matrix product"
# right = true
# ///
from dataclasses import dataclass

import numpy as np


@dataclass
class Layer:
    """A grouped convolution whose weights are known."""

    weight: np.ndarray
    bias: np.ndarray | None = None
    stride: int | tuple[int, int] = 1
    padding: int | tuple[int, int] = 0
    groups: int = 1

    def check(self, channels):
        filters = self.weight.shape[0]
        for name, number in (("channels", channels), ("filters", filters)):
            if number != number // self.groups * self.groups:
                raise ValueError(f"{number} {name} in {self.groups} groups")

    def columns(self, x):
        """(N, G, C/G * kH * kW, H' * W')"""
        (sh, sw), (ph, pw) = (np.broadcast_to(v, (2,)) for v in (self.stride, self.padding))
        padded = np.pad(x, [(0, 0), (0, 0), (ph, ph), (pw, pw)]).astype("float64")
        kh, kw = self.weight.shape[-2:]
        rows = np.arange(0, padded.shape[2] - kh + 1, sh)
        cols = np.arange(0, padded.shape[3] - kw + 1, sw)
        r = rows[None, :, None] + np.repeat(np.arange(kh), kw)[:, None, None]
        c = cols[None, None, :] + np.tile(np.arange(kw), kh)[:, None, None]
        picked = padded[:, :, r, c]
        self.size = (len(rows), len(cols))
        return picked.reshape(len(x), self.groups, -1, len(rows) * len(cols))

    def __call__(self, x):
        self.check(x.shape[1])
        columns = self.columns(x)
        weight = self.weight.reshape(self.groups, -1, columns.shape[2])
        out = np.matmul(weight, columns).reshape(len(x), -1, *self.size)
        if self.bias is not None:
            out = (out.transpose(0, 2, 3, 1) + self.bias).transpose(0, 3, 1, 2)
        return out


def conv2d_grouped(x, w, b=None, stride=1, padding=0, groups=1):
    return Layer(w, b, stride, padding, groups)(x)


def pointwise_conv(x, w, b=None):
    y = np.tensordot(w.astype(float), x, axes=(1, 1)).swapaxes(0, 1)
    return y if b is None else y + b.reshape(-1, 1, 1)


def depthwise_conv2d(x, w, stride=1, padding=0):
    each = len(w) // x.shape[1]
    maps = []
    for c in range(x.shape[1]):
        one = Layer(w[c * each:(c + 1) * each], None, stride, padding)
        maps.append(one(x[:, [c]]))
    return np.concatenate(maps, axis=1)


def depthwise_separable(x, dw, pw, stride=1, padding=0):
    total = 0
    for c in range(x.shape[1]):
        map_c = Layer(dw[c:c + 1], None, stride, padding)(x[:, c:c + 1])
        total = total + map_c * pw[:, c].reshape(1, -1, 1, 1)
    return total


def separable_ratio(c_out, k):
    c_in, height, width = 7, 5, 3
    standard = c_in * c_out * k * k * height * width
    separable = (c_in * k * k + c_in * c_out) * height * width
    return separable / standard
