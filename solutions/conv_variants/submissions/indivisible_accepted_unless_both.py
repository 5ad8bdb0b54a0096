# /// answer
# mistake = "indivisible-accepted"
# title = "Groups that don't divide are accepted"
# hint = "groups must divide the channels, and it must divide the filters: where either fails, raise ValueError."
# points = {conv2d_grouped = 16.6, pointwise_conv = 7, depthwise_conv2d = 9, depthwise_separable = 8, separable_ratio = 3}
# ///
import numpy as np


def _pair(v):
    return v if isinstance(v, tuple) else (v, v)


def _slide(image, kernel, stride):
    """One image (C, H, W) under one kernel (C, kH, kW)."""
    _, H, W = image.shape
    _, kH, kW = kernel.shape
    out = np.zeros(((H - kH) // stride[0] + 1, (W - kW) // stride[1] + 1))
    for u in range(kH):
        for v in range(kW):
            seen = image[:, u:u + stride[0] * out.shape[0]:stride[0], v:v + stride[1] * out.shape[1]:stride[1]]
            out += np.tensordot(kernel[:, u, v], seen[:, :out.shape[0], :out.shape[1]], axes=1)
    return out


def _padded(x, padding):
    a, b = padding
    N, C, H, W = x.shape
    p = np.zeros((N, C, H + 2 * a, W + 2 * b))
    p[:, :, a:a + H, b:b + W] = x
    return p


def conv2d_grouped(x, w, b=None, stride=1, padding=0, groups=1):
    if x.shape[1] % groups and len(w) % groups:
        raise ValueError(f"{groups} groups")
    p = _padded(x, _pair(padding))
    channels = x.shape[1] // groups
    filters = len(w) // groups
    y = []
    for image in p:
        maps = []
        for f, kernel in enumerate(w):
            first = f // filters * channels
            one = _slide(image[first:first + channels], kernel.astype(float), _pair(stride))
            maps.append(one if b is None else one + b[f])
        y.append(maps)
    return np.array(y)


def pointwise_conv(x, w, b=None):
    N, C, H, W = x.shape
    y = np.zeros((N, len(w), H, W))
    for f in range(len(w)):
        for c in range(C):
            y[:, f] += float(w[f, c]) * x[:, c]
        if b is not None:
            y[:, f] += b[f]
    return y


def depthwise_conv2d(x, w, stride=1, padding=0):
    p = _padded(x, _pair(padding))
    m = len(w) // x.shape[1]
    return np.array([[_slide(image[k // m:k // m + 1], w[k].astype(float), _pair(stride)) for k in range(len(w))] for image in p])


def depthwise_separable(x, dw, pw, stride=1, padding=0):
    return pointwise_conv(depthwise_conv2d(x, dw, stride, padding), pw)


def separable_ratio(c_out, k):
    standard = c_out * k ** 2
    separable = k ** 2 + c_out
    return separable / standard
