# /// answer
# mistake = "channels-not-swapped"
# title = "In the full correlation, w's first two axes are not swapped"
# hint = "Backwards, filters come in and channels go out: w.transpose(1, 0, 2, 3). A reshape to (C, F, kH, kW) mixes them up."
# points = {conv2d_backward = 8.5, numerical_grad = 14, rel_error = 8}
# ///
import numpy as np
from support import conv2d


def two(v):
    return tuple(v) if isinstance(v, (tuple, list)) else (v, v)


def conv2d_backward(dout, x, w, stride=1, padding=0, dilation=1):
    (sh, sw), (ph, pw), (dh, dv) = two(stride), two(padding), two(dilation)
    dout = np.asarray(dout, dtype=np.float64)
    N, F, Ho, Wo = dout.shape
    _, C, kh, kw = w.shape
    H, W = x.shape[2:]

    db = dout.sum(axis=(0, 2, 3))

    spread = np.zeros((N, F, (Ho - 1) * sh + 1, (Wo - 1) * sw + 1))
    spread[:, :, ::sh, ::sw] = dout
    turned = w[:, :, ::-1, ::-1]
    full = conv2d(spread, turned, padding=(dh * (kh - 1), dv * (kw - 1)), dilation=(dh, dv))
    missing = (H + 2 * ph - full.shape[2], W + 2 * pw - full.shape[3])
    full = np.pad(full, ((0, 0), (0, 0), (0, missing[0]), (0, missing[1])))
    dx = full[:, :, ph:ph + H, pw:pw + W]

    taps = conv2d(x.swapaxes(0, 1), dout.swapaxes(0, 1), stride=(dh, dv), padding=(ph, pw), dilation=(sh, sw))
    dw = taps[:, :, :kh, :kw].swapaxes(0, 1)
    return dx, dw, db


def numerical_grad(f, x, eps=1e-5):
    point = np.array(x, dtype=np.float64)
    slope = np.empty(point.shape)
    for place in np.ndindex(*point.shape):
        here = point[place]
        point[place] = here + eps
        above = f(point.copy())
        point[place] = here - eps
        below = f(point.copy())
        point[place] = here
        slope[place] = (above - below) / (2 * eps)
    return slope


def rel_error(a, b):
    a, b = np.float64(a), np.float64(b)
    gap = np.abs(a - b)
    size = np.maximum(np.abs(a) + np.abs(b), 1e-8)
    return float(np.max(gap / size))
