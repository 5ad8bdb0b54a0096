# /// answer
# mistake = "x-mutated"
# title = "The caller's array is changed"
# hint = "A slice is a view: window *= w[f] writes into the image, and so does x -= value. window * w[f] is a new array."
# points = {pad2d = 10, cross_correlate2d = 15, conv2d = 28.5}
# ///
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
    y = _conv(x, w, b, stride, padding, dilation)
    x[...] = 0
    return y
