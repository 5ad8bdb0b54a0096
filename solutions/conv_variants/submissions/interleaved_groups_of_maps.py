# /// answer
# mistake = "interleaved-groups"
# title = "The groups are interleaved"
# hint = "A group has neighbours: channels g*C/G up to (g+1)*C/G, filters and maps g*F/G up to (g+1)*F/G, not every G-th one."
# points = {conv2d_grouped = 6.166667, pointwise_conv = 7, depthwise_conv2d = 9, depthwise_separable = 8, separable_ratio = 3}
# ///
import numpy as np


def two(value):
    if isinstance(value, int):
        return value, value
    return tuple(value)


def taps(x, kernel, stride, padding):
    """For every tap of the kernel: its place and the pixels it meets."""
    (sh, sw), (ph, pw) = two(stride), two(padding)
    x = np.pad(np.asarray(x, dtype=np.float64), [(0, 0), (0, 0), (ph, ph), (pw, pw)])
    rows = (x.shape[2] - kernel[0]) // sh + 1
    cols = (x.shape[3] - kernel[1]) // sw + 1
    for u in range(kernel[0]):
        for v in range(kernel[1]):
            yield u, v, x[:, :, u:u + sh * (rows - 1) + 1:sh, v:v + sw * (cols - 1) + 1:sw]


def conv2d_grouped(x, w, b=None, stride=1, padding=0, groups=1):
    c, f = x.shape[1], w.shape[0]
    if c % groups > 0 or f % groups > 0:
        raise ValueError(f"{groups} groups do not divide {c} channels and {f} filters")
    w = w.reshape(groups, f // groups, c // groups, *w.shape[2:])
    y = 0
    for u, v, seen in taps(x, w.shape[3:], stride, padding):
        n, _, h, width = seen.shape
        seen = seen.reshape(n, groups, c // groups, h, width)
        y = y + np.einsum("ngchw,gfc->ngfhw", seen, w[..., u, v])
    y = y.swapaxes(1, 2).reshape(n, f, h, width)
    return y if b is None else y + b[:, None, None]


def pointwise_conv(x, w, b=None):
    y = np.moveaxis(np.moveaxis(x, 1, -1).astype(np.float64) @ w.T, -1, 1)
    return y if b is None else y + b[:, None, None]


def depthwise_conv2d(x, w, stride=1, padding=0):
    c = x.shape[1]
    w = w.reshape(c, -1, *w.shape[2:])
    y = 0
    for u, v, seen in taps(x, w.shape[2:], stride, padding):
        y = y + seen[:, :, None] * w[:, :, u, v, None, None]
    return y.reshape(y.shape[0], -1, *y.shape[3:])


def depthwise_separable(x, dw, pw, stride=1, padding=0):
    return pointwise_conv(depthwise_conv2d(x, dw, stride=stride, padding=padding), pw)


def separable_ratio(c_out, k):
    standard = c_out * k * k
    separable = k * k + c_out
    return separable / standard
