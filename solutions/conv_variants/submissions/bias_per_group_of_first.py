# /// answer
# mistake = "bias-per-group"
# title = "One bias for a whole group"
# hint = "b has F numbers: filter f gets b[f], not the number of its group."
# points = {conv2d_grouped = 13.25, pointwise_conv = 7, depthwise_conv2d = 9, depthwise_separable = 8, separable_ratio = 3}
# ///
import numpy as np


def two(v):
    a, b = np.broadcast_to(v, (2,))
    return int(a), int(b)


def plain(x, w, stride, padding):
    """Ordinary convolution through columns."""
    (sh, sw), (ph, pw) = two(stride), two(padding)
    F, C, kh, kw = w.shape
    p = np.pad(np.asarray(x, np.float64), [(0, 0), (0, 0), (ph, ph), (pw, pw)])
    oh = (p.shape[2] - kh) // sh + 1
    ow = (p.shape[3] - kw) // sw + 1
    cols = np.empty((len(x), C, kh, kw, oh, ow))
    for u in range(kh):
        for v in range(kw):
            cols[:, :, u, v] = p[:, :, u:u + sh * (oh - 1) + 1:sh, v:v + sw * (ow - 1) + 1:sw]
    return np.matmul(w.reshape(F, -1).astype(np.float64), cols.reshape(len(x), C * kh * kw, -1)).reshape(len(x), F, oh, ow)


def conv2d_grouped(x, w, b=None, stride=1, padding=0, groups=1):
    C, F = x.shape[1], w.shape[0]
    if C % groups or F % groups:
        raise ValueError("indivisible")
    xs = np.split(x, groups, axis=1)
    ws = np.split(w, groups, axis=0)
    y = np.concatenate([plain(a, k, stride, padding) for a, k in zip(xs, ws)], axis=1)
    return y if b is None else y + np.reshape(b[::F // groups].repeat(F // groups), (-1, 1, 1))


def pointwise_conv(x, w, b=None):
    N, C, H, W = x.shape
    y = np.matmul(w.astype(np.float64), x.reshape(N, C, H * W).astype(np.float64)).reshape(N, -1, H, W)
    return y if b is None else y + np.reshape(b, (-1, 1, 1))


def depthwise_conv2d(x, w, stride=1, padding=0):
    C = x.shape[1]
    m = w.shape[0] // C
    maps = []
    for c in range(C):
        maps.append(plain(x[:, c:c + 1], w[c * m:(c + 1) * m], stride, padding))
    return np.concatenate(maps, axis=1)


def depthwise_separable(x, dw, pw, stride=1, padding=0):
    return pointwise_conv(depthwise_conv2d(x, dw, stride, padding), pw)


def separable_ratio(c_out, k):
    return (c_out + k * k) / (c_out * k * k)
