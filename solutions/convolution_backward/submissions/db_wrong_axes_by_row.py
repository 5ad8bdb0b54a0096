# /// answer
# mistake = "db-wrong-axes"
# title = "db is summed over the wrong axes"
# hint = "There is one bias for each filter: axis 1 stays, and 0, 2 and 3 go."
# points = {conv2d_backward = 37.333333, numerical_grad = 14, rel_error = 8}
# ///
import numpy as np


def as_pair(v):
    try:
        a, b = v
    except TypeError:
        a = b = v
    return int(a), int(b)


def places(size, k, s, d, out):
    return s * np.arange(out)[:, None] + d * np.arange(k)[None, :]


def conv2d_backward(dout, x, w, stride=1, padding=0, dilation=1):
    sh, sw = as_pair(stride)
    ph, pw = as_pair(padding)
    dh, dv = as_pair(dilation)
    N, C, H, W = x.shape
    F, _, kh, kw = w.shape
    oh, ow = dout.shape[2:]
    xp = np.pad(np.asarray(x, np.float64), ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    r = places(H, kh, sh, dh, oh)[:, None, :, None]
    q = places(W, kw, sw, dv, ow)[None, :, None, :]
    cols = xp[:, :, r, q]
    g = np.asarray(dout, np.float64)
    k = np.asarray(w, np.float64)
    dw = np.tensordot(g, cols, axes=[(0, 2, 3), (0, 2, 3)])
    dcols = np.tensordot(g, k, axes=[(1,), (0,)])
    dcols = dcols.transpose(0, 3, 1, 2, 4, 5)
    dxp = np.zeros(xp.shape)
    np.add.at(dxp, (slice(None), slice(None), r, q), dcols)
    dx = dxp[:, :, ph:H + ph, pw:W + pw]
    db = g.sum(axis=(0, 1, 3))
    return dx, dw, db


def numerical_grad(f, x, eps=1e-5):
    point = np.array(x, dtype=float)
    out = np.empty(point.shape)
    for where in np.ndindex(*point.shape):
        old = point[where]
        point[where] = old + eps
        high = f(point)
        point[where] = old - eps
        low = f(point)
        point[where] = old
        out[where] = (high - low) / (2 * eps)
    return out


def rel_error(a, b):
    a, b = np.asarray(a, float), np.asarray(b, float)
    return float((np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b))).max())
