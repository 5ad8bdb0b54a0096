# /// answer
# mistake = "pad-all-axes"
# title = "The batch and the channels are padded too"
# hint = "np.pad(x, p) pads every axis. Give one (before, after) for each: (0, 0) for batch and channels."
# points = {pad2d = 0, cross_correlate2d = 15, conv2d = 22.5}
# ///
import numpy as np


def cross_correlate2d(img, k):
    rows = []
    for i in range(img.shape[0] - k.shape[0] + 1):
        row = []
        for j in range(img.shape[1] - k.shape[1] + 1):
            total = 0.0
            for u in range(k.shape[0]):
                for v in range(k.shape[1]):
                    total += float(img[i + u, j + v]) * float(k[u, v])
            row.append(total)
        rows.append(row)
    return np.array(rows)


def conv2d(x, w, b=None, stride=1, padding=0, dilation=1):
    if type(stride) is int:
        stride = (stride, stride)
    if type(padding) is int:
        padding = (padding, padding)
    if type(dilation) is int:
        dilation = (dilation, dilation)
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    x_pad = pad2d(x, (padding[0], padding[0], padding[1], padding[1]))
    H_out = (H + 2 * padding[0] - dilation[0] * (HH - 1) - 1) // stride[0] + 1
    W_out = (W + 2 * padding[1] - dilation[1] * (WW - 1) - 1) // stride[1] + 1
    out = np.zeros((N, F, H_out, W_out))
    for n in range(N):
        for f in range(F):
            for i in range(H_out):
                for j in range(W_out):
                    total = 0.0
                    for c in range(C):
                        for u in range(HH):
                            for v in range(WW):
                                y0 = i * stride[0] + u * dilation[0]
                                x0 = j * stride[1] + v * dilation[1]
                                total += x_pad[n, c, y0, x0] * w[f, c, u, v]
                    out[n, f, i, j] = total + (b[f] if b is not None else 0)
    return out


def pad2d(x, pad, value=0.0):
    t, b, l, r = pad
    return np.pad(x.astype(np.float64), ((t, b), (t, b), (l, r), (l, r)), "constant", constant_values=value)
