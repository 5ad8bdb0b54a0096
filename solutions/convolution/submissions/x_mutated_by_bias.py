# /// answer
# mistake = "x-mutated"
# title = "The caller's array is changed"
# hint = "A slice is a view: window *= w[f] writes into the image, and so does x -= value. window * w[f] is a new array."
# points = {pad2d = 9, cross_correlate2d = 15, conv2d = 28.5}
# ///
import numpy as np


def right_pad2d(x, pad, value=0.0):
    top, bottom, left, right = pad
    N, C, H, W = x.shape
    out = np.zeros((N, C, H + top + bottom, W + left + right))
    for n in range(N):
        for c in range(C):
            for i in range(out.shape[2]):
                for j in range(out.shape[3]):
                    if top <= i < top + H and left <= j < left + W:
                        out[n, c, i, j] = x[n, c, i - top, j - left]
                    else:
                        out[n, c, i, j] = value
    return out


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
    y = right_pad2d(x, pad, value)
    x[...] = 0
    return y
