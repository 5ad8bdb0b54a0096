# /// answer
# mistake = "reshape-mixes-images"
# title = "A reshape mixes images and channels"
# hint = "x.reshape(C, -1) takes its rows from wherever they lie in memory: move the channel axis to the front first, x.transpose(1, 0, 2, 3)."
# points = {conv2d_grouped = 18, pointwise_conv = 0.333333, depthwise_conv2d = 9, depthwise_separable = 0, separable_ratio = 3}
# ///
import numpy as np


def pair(v):
    return (v, v) if np.ndim(v) == 0 else tuple(v)


def conv2d_grouped(x, w, b=None, stride=1, padding=0, groups=1):
    n, c, h, wd = x.shape
    f, per, kh, kw = w.shape
    if c % groups != 0 or f % groups != 0:
        raise ValueError("groups must divide channels and filters")
    (s1, s2), (p1, p2) = pair(stride), pair(padding)
    xp = np.pad(np.asarray(x, float), ((0, 0), (0, 0), (p1, p1), (p2, p2)))
    oh = (h + 2 * p1 - kh) // s1 + 1
    ow = (wd + 2 * p2 - kw) // s2 + 1
    win = np.empty((n, c, kh, kw, oh, ow))
    for u in range(kh):
        for v in range(kw):
            win[:, :, u, v] = xp[:, :, u:u + s1 * (oh - 1) + 1:s1, v:v + s2 * (ow - 1) + 1:s2]
    win = win.reshape(n, groups, c // groups, kh, kw, oh, ow)
    ker = np.asarray(w, float).reshape(groups, f // groups, per, kh, kw)
    out = np.einsum("ngcuvij,gfcuv->ngfij", win, ker).reshape(n, f, oh, ow)
    if b is not None:
        out = out + np.asarray(b).reshape(-1, 1, 1)
    return out


def pointwise_conv(x, w, b=None):
    n, c, h, v = x.shape
    out = (np.asarray(x, float).reshape(-1, c) @ np.asarray(w, float).T).reshape(n, len(w), h, v)
    if b is not None:
        out = out + np.asarray(b).reshape(-1, 1, 1)
    return out


def depthwise_conv2d(x, w, stride=1, padding=0):
    return conv2d_grouped(x, w, None, stride, padding, groups=x.shape[1])


def depthwise_separable(x, dw, pw, stride=1, padding=0):
    mid = depthwise_conv2d(x, dw, stride, padding)
    return pointwise_conv(mid, pw)


def separable_ratio(c_out, k):
    return 1 / c_out + 1 / (k * k)
