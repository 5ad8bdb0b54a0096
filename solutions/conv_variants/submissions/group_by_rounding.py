# /// answer
# mistake = "group-by-rounding"
# title = "a filter's group is rounded to the nearest"
# hint = "Filter f belongs to group f // (F/G): rounded down, so that each group has as many filters."
# points = {conv2d_grouped = 8.805556, pointwise_conv = 7, depthwise_conv2d = 5.666667, depthwise_separable = 8, separable_ratio = 3}
# ///
import numpy as np


class GroupedConv:
    def __init__(self, weight, bias=None, stride=1, padding=0, groups=1):
        self.weight, self.bias, self.groups = weight, bias, groups
        self.stride = stride if isinstance(stride, tuple) else (stride,) * 2
        self.padding = padding if isinstance(padding, tuple) else (padding,) * 2
    def __call__(self, x):
        f, per, kh, kw = self.weight.shape
        if x.shape[1] % self.groups or f % self.groups:
            raise ValueError
        (sh, sw), (ph, pw) = self.stride, self.padding
        x = np.pad(x.astype(np.float64), ((0, 0), (0, 0), (ph, ph), (pw, pw)))
        oh = (x.shape[2] - kh) // sh + 1
        ow = (x.shape[3] - kw) // sw + 1
        y = np.zeros((len(x), f, oh, ow))
        for u in range(kh):
            for v in range(kw):
                tap = x[:, :, u:u + sh * oh:sh, v:v + sw * ow:sw][:, :, :oh, :ow]
                for out in range(f):
                    g = min(round(out * self.groups / f), self.groups - 1)
                    for c in range(per):
                        y[:, out] += self.weight[out, c, u, v] * tap[:, g * per + c]
        if self.bias is not None:
            y += self.bias[np.newaxis, :, np.newaxis, np.newaxis]
        return y


def conv2d_grouped(x, w, b=None, stride=1, padding=0, groups=1):
    return GroupedConv(w, b, stride, padding, groups)(x)


def pointwise_conv(x, w, b=None):
    return GroupedConv(w[:, :, None, None], b)(x)


def depthwise_conv2d(x, w, stride=1, padding=0):
    return GroupedConv(w, stride=stride, padding=padding, groups=x.shape[1])(x)


def depthwise_separable(x, dw, pw, stride=1, padding=0):
    return GroupedConv(pw.reshape(*pw.shape, 1, 1))(GroupedConv(dw, None, stride, padding, x.shape[1])(x))


def separable_ratio(c_out, k):
    return pow(c_out, -1) + pow(k, -2)
