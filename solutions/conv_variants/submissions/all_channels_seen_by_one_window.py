# /// answer
# mistake = "all-channels-seen"
# title = "Every group sees all the channels"
# hint = "A filter meets only the C/G channels of its own group: cut x into blocks before you multiply."
# points = {conv2d_grouped = 1.388889, pointwise_conv = 7, depthwise_conv2d = 9, depthwise_separable = 8, separable_ratio = 3}
# ///
import numpy as np


def conv2d_grouped(x, w, b=None, stride=1, padding=0, groups=1):
    stride = (stride, stride) if isinstance(stride, int) else stride
    padding = (padding, padding) if isinstance(padding, int) else padding
    n_images, c_in, height, width = x.shape
    c_out, c_per_group, k_h, k_w = w.shape
    if c_in % groups != 0 or c_out % groups != 0:
        raise ValueError(f"{groups} groups divide not both {c_in} and {c_out}")
    f_per_group = c_out // groups
    c_per_group = c_in // groups
    x_pad = np.pad(x, ((0, 0), (0, 0), (padding[0],) * 2, (padding[1],) * 2)).astype(np.float64)
    h_out = (height + 2 * padding[0] - k_h) // stride[0] + 1
    w_out = (width + 2 * padding[1] - k_w) // stride[1] + 1
    y = np.zeros((n_images, c_out, h_out, w_out))
    for f in range(c_out):
        g = f // f_per_group
        for i in range(h_out):
            for j in range(w_out):
                top, left = i * stride[0], j * stride[1]
                patch = x_pad[:, :, top:top + k_h, left:left + k_w]
                y[:, f, i, j] = np.sum(patch * w[f], axis=(1, 2, 3))
        if b is not None:
            y[:, f] += b[f]
    return y


def pointwise_conv(x, w, b=None):
    n, c, h, width = x.shape
    f = w.shape[0]
    flat = np.transpose(x, (0, 2, 3, 1)).reshape(-1, c).astype(np.float64)
    out = flat @ w.T
    if b is not None:
        out = out + b
    return out.reshape(n, h, width, f).transpose(0, 3, 1, 2)


def depthwise_conv2d(x, w, stride=1, padding=0):
    c = x.shape[1]
    m = w.shape[0] // c
    parts = [conv2d_grouped(x[:, k // m:k // m + 1], w[k:k + 1], None, stride, padding) for k in range(c * m)]
    return np.concatenate(parts, axis=1)


def depthwise_separable(x, dw, pw, stride=1, padding=0):
    h = depthwise_conv2d(x, dw, stride=stride, padding=padding)
    h = pointwise_conv(h, pw)
    return h


def separable_ratio(c_out, k):
    return 1 / c_out + 1 / k ** 2
