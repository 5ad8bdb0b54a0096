# /// answer
# mistake = "interleaved-groups"
# title = "The groups are interleaved"
# hint = "A group has neighbours: channels g*C/G up to (g+1)*C/G, filters and maps g*F/G up to (g+1)*F/G, not every G-th one."
# points = {conv2d_grouped = 1.38889, pointwise_conv = 7, depthwise_conv2d = 9, depthwise_separable = 8, separable_ratio = 3}
# ///
import numpy as np


def pair(v):
    return (v, v) if isinstance(v, int) else v


def pad(x, ph, pw):
    out = np.zeros((x.shape[0], x.shape[1], x.shape[2] + 2 * ph, x.shape[3] + 2 * pw))
    out[:, :, ph : ph + x.shape[2], pw : pw + x.shape[3]] = x
    return out


def pointwise_conv(x, w, b=None):
    N, C, H, W = x.shape
    F = w.shape[0]
    x = x.astype(float)
    out = np.zeros((N, F, H, W))
    for n in range(N):
        out[n] = (w @ x[n].reshape(C, H * W)).reshape(F, H, W)
    if b is not None:
        out += b[None, :, None, None]
    return out


def depthwise_conv2d(x, w, stride=1, padding=0):
    (sh, sw), (ph, pw) = pair(stride), pair(padding)
    C = x.shape[1]
    m = w.shape[0] // C
    kH, kW = w.shape[2:]
    xp = pad(x, ph, pw)
    N, _, H, W = xp.shape
    Ho, Wo = (H - kH) // sh + 1, (W - kW) // sw + 1
    out = np.zeros((N, C * m, Ho, Wo))
    for c in range(C):
        for j in range(m):
            for r in range(Ho):
                for s in range(Wo):
                    win = xp[:, c, r * sh : r * sh + kH, s * sw : s * sw + kW]
                    out[:, c * m + j, r, s] = (win * w[c * m + j, 0]).sum(axis=(1, 2))
    return out


def depthwise_separable(x, dw, pw, stride=1, padding=0):
    y = depthwise_conv2d(x, dw, stride, padding)
    return pointwise_conv(y, pw)


def separable_ratio(c_out, k):
    return 1 / c_out + 1 / k**2


def _duo(a):
    return (a, a) if isinstance(a, (int, np.integer)) else tuple(a)


def _conv(x, w, stride, padding):
    (sh, sw), (ph, pw) = _duo(stride), _duo(padding)
    p = np.pad(np.asarray(x, float), ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    w = np.asarray(w, float)
    win = np.lib.stride_tricks.sliding_window_view(p, w.shape[2:], (2, 3))[:, :, ::sh, ::sw]
    return np.einsum("nchwuv,fcuv->nfhw", win, w)


def _check(x, w, groups):
    if x.shape[1] % groups or w.shape[0] % groups:
        raise ValueError("groups")


def conv2d_grouped(x, w, b=None, stride=1, padding=0, groups=1):
    _check(x, w, groups)
    parts = [_conv(x[:, g::groups], w[g::groups], stride, padding) for g in range(groups)]
    y = np.zeros((parts[0].shape[0], w.shape[0], *parts[0].shape[2:]))
    for g, part in enumerate(parts):
        y[:, g::groups] = part
    return y if b is None else y + np.asarray(b)[:, None, None]
