# /// answer
# mistake = "pointwise-transposed"
# title = "The pointwise matrix is transposed"
# hint = "w is (F, C): filter f is row f, so the sum runs over the second axis of w."
# points = {conv2d_grouped = 18, pointwise_conv = 1.666667, depthwise_conv2d = 9, depthwise_separable = 0.96, separable_ratio = 3}
# ///
import numpy as np


def pair(v):
    return (v, v) if isinstance(v, int) else v


def pad(x, ph, pw):
    out = np.zeros((x.shape[0], x.shape[1], x.shape[2] + 2 * ph, x.shape[3] + 2 * pw))
    out[:, :, ph : ph + x.shape[2], pw : pw + x.shape[3]] = x
    return out


def conv2d_grouped(x, w, b=None, stride=1, padding=0, groups=1):
    (sh, sw), (ph, pw) = pair(stride), pair(padding)
    C = x.shape[1]
    F, Cg, kH, kW = w.shape
    if C % groups or F % groups:
        raise ValueError("channels and filters must be divisible by groups")
    xp = pad(x, ph, pw)
    N, _, H, W = xp.shape
    Ho, Wo = (H - kH) // sh + 1, (W - kW) // sw + 1
    out = np.zeros((N, F, Ho, Wo))
    Fg = F // groups
    for f in range(F):
        g = f // Fg
        for i in range(Ho):
            for j in range(Wo):
                win = xp[:, g * Cg : (g + 1) * Cg, i * sh : i * sh + kH, j * sw : j * sw + kW]
                out[:, f, i, j] = (win * w[f]).sum(axis=(1, 2, 3))
        if b is not None:
            out[:, f] += b[f]
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


def pointwise_conv(x, w, b=None):
    y = np.einsum("cf,nchw->nfhw", w.reshape(w.shape[1], w.shape[0]), x.astype(float))
    return y if b is None else y + b[:, None, None]
