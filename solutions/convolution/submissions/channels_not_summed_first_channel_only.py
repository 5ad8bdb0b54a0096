# /// answer
# mistake = "channels-not-summed"
# title = "The channels are not summed"
# hint = "A filter adds up its products over all C channels: accumulate with += and start from zero."
# points = {pad2d = 10, cross_correlate2d = 15, conv2d = 7.625}
# ///
import numpy as np

def _two(v):
    return tuple(v) if isinstance(v, (tuple, list)) else (v, v)

def pad2d(x, pad, value=0.0):
    t, b, l, r = pad
    n, c, h, w = x.shape
    big = np.empty((n, c, t + h + b, l + w + r))
    big[...] = value
    big[:, :, t:t + h, l:l + w] = x
    return big

def cross_correlate2d(img, k):
    H = img.shape[0] - k.shape[0] + 1
    W = img.shape[1] - k.shape[1] + 1
    total = np.zeros((H, W))
    for u in range(k.shape[0]):
        for v in range(k.shape[1]):
            total += k[u, v] * img[u:u + H, v:v + W].astype(float)
    return total

def conv2d(x, w, b=None, stride=1, padding=0, dilation=1):
    sh, sw = _two(stride)
    ph, pw = _two(padding)
    dh, dw = _two(dilation)
    P = pad2d(x, (ph, ph, pw, pw))
    F, C, KH, KW = w.shape
    oh = (P.shape[2] - dh * (KH - 1) - 1) // sh + 1
    ow = (P.shape[3] - dw * (KW - 1) - 1) // sw + 1
    acc = np.zeros((x.shape[0], F, oh, ow))
    for u in range(KH):
        for v in range(KW):
            rows = slice(u * dh, u * dh + sh * (oh - 1) + 1, sh)
            cols = slice(v * dw, v * dw + sw * (ow - 1) + 1, sw)
            acc += P[:, :1, rows, cols] * w[None, :, 0, u, v, None, None]
    if b is not None:
        acc += b[None, :, None, None]
    return acc
