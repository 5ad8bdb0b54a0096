# /// answer
# mistake = "partial-window"
# title = "Windows that hang over the edge are counted"
# hint = "Only whole windows count: the output size is rounded down, and the last window starts where it still fits, at H - kH at most."
# points = {pad2d = 10, cross_correlate2d = 15, conv2d = 23.5}
# ///
import itertools

import numpy as np


def pad2d(x, pad, value=0.0):
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


def hw(v):
    return v if isinstance(v, tuple) else (v, v)


def run(x, w, stride, padding, dilation):
    s, p, d = hw(stride), hw(padding), hw(dilation)
    x = np.pad(x.astype(np.float64), [(0, 0), (0, 0), (p[0], p[0]), (p[1], p[1])])
    oh = (x.shape[2] - d[0] * (w.shape[2] - 1) - 1) // s[0] + 1
    ow = (x.shape[3] - d[1] * (w.shape[3] - 1) - 1) // s[1] + 1
    if oh < 1 or ow < 1:
        raise ValueError("no output")
    y = np.zeros((x.shape[0], w.shape[0], oh, ow))
    for u, v in itertools.product(range(w.shape[2]), range(w.shape[3])):
        y += np.einsum(
            "nchw,fc->nfhw",
            x[:, :, u * d[0] : u * d[0] + (oh - 1) * s[0] + 1 : s[0], v * d[1] : v * d[1] + (ow - 1) * s[1] + 1 : s[1]],
            w[:, :, u, v].astype(float),
        )
    return y


def conv2d(x, w, b=None, stride=1, padding=0, dilation=1):
    s, p, d = hw(stride), hw(padding), hw(dilation)
    kh, kw = w.shape[2:]
    oh = -(-(x.shape[2] + 2 * p[0] - d[0] * (kh - 1) - 1) // s[0]) + 1
    ow = -(-(x.shape[3] + 2 * p[1] - d[1] * (kw - 1) - 1) // s[1]) + 1
    y = np.zeros((len(x), len(w), oh, ow))
    r = run(x, w, stride, padding, dilation)
    y[:, :, : r.shape[2], : r.shape[3]] = r
    return y if b is None else y + b[:, None, None]
