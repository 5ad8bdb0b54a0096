# /// answer
# mistake = "x-mutated"
# title = "The caller's array is changed"
# hint = "A slice is a view: window *= w[f] writes into the image, and so does x -= value. window * w[f] is a new array."
# points = {pad2d = 10, cross_correlate2d = 15, conv2d = 0}
# ///
import numpy as np


def both(v):
    return tuple(v) if isinstance(v, (tuple, list)) else (v, v)


def pad2d(x, pad, value=0.0):
    t, b, l, r = pad
    n, c, h, w = x.shape
    big = np.full((n, c, t + h + b, l + w + r), value, dtype=float)
    big[:, :, t:t + h, l:l + w] = x
    return big


def cross_correlate2d(img, k):
    img = np.asarray(img, float)
    k = np.asarray(k, float)
    kh, kw = k.shape
    oh, ow = img.shape[0] - kh + 1, img.shape[1] - kw + 1
    rows = []
    for i in range(oh):
        rows.append([float((img[i:i + kh, j:j + kw] * k).sum()) for j in range(ow)])
    return np.array(rows)


def conv2d(x, w, b=None, stride=1, padding=0, dilation=1):
    sy, sx = both(stride)
    py, px = both(padding)
    dy, dx = both(dilation)
    w = np.asarray(w, dtype=np.float64)
    F, C, kh, kw = w.shape
    xp = pad2d(x, (py, py, px, px)) if py or px else x
    H, W = xp.shape[2], xp.shape[3]
    oh = (H - dy * (kh - 1) - 1) // sy + 1
    ow = (W - dx * (kw - 1) - 1) // sx + 1
    out = np.zeros((x.shape[0], F, oh, ow))
    for i in range(oh):
        for j in range(ow):
            patch = xp[:, :, i * sy:i * sy + dy * (kh - 1) + 1:dy, j * sx:j * sx + dx * (kw - 1) + 1:dx]
            for f in range(F):
                if f == 0:
                    patch *= w[f]
                    out[:, f, i, j] = patch.sum((1, 2, 3))
                else:
                    out[:, f, i, j] = (patch * w[f]).sum((1, 2, 3))
    if b is not None:
        out += np.asarray(b, float)[:, None, None]
    return out
