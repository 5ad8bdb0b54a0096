# /// answer
# mistake = "partial-window"
# title = "Windows that hang over the edge are counted"
# hint = "Only whole windows count: the output size is rounded down, and the last window starts where it still fits, at H - kH at most."
# points = {pad2d = 10, cross_correlate2d = 0.625, conv2d = 1.125}
# ///
import numpy as np


def pair(v):
    return (v, v) if isinstance(v, int) else v


def pad2d(x, pad, value=0.0):
    N, C, H, W = x.shape
    t, b, l, r = pad
    out = np.full((N, C, H + t + b, W + l + r), float(value))
    out[:, :, t:t + H, l:l + W] = x
    return out


def cross_correlate2d(img, k):
    out = np.zeros(img.shape)
    for i in range(img.shape[0]):
        for j in range(img.shape[1]):
            part = img[i:i + k.shape[0], j:j + k.shape[1]]
            out[i, j] = np.sum(part * k[:part.shape[0], :part.shape[1]])
    return out


def conv2d(x, w, b=None, stride=1, padding=0, dilation=1):
    (sh, sw), (ph, pw), (dh, dw) = pair(stride), pair(padding), pair(dilation)
    xp = pad2d(x, (ph, ph, pw, pw))
    rows, cols = range(0, xp.shape[2], sh), range(0, xp.shape[3], sw)
    out = np.zeros((x.shape[0], w.shape[0], len(rows), len(cols)))
    for i, top in enumerate(rows):
        for j, left in enumerate(cols):
            win = xp[:, :, top::dh, left::dw][:, :, :w.shape[2], :w.shape[3]]
            part = w[:, :, :win.shape[2], :win.shape[3]]
            out[:, :, i, j] = np.tensordot(win, part, axes=([1, 2, 3], [1, 2, 3]))
    return out if b is None else out + b[:, None, None]
