# /// answer
# mistake = "pointwise-weights-reshaped-in-place"
# title = "the pointwise weights are given another shape for good"
# hint = "Assigning to pw.shape changes the caller's array, too: reshape returns a new view."
# points = {conv2d_grouped = 18, pointwise_conv = 7, depthwise_conv2d = 9, depthwise_separable = 7.2, separable_ratio = 3}
# ///
import numpy as np


def hw(v): return (v, v) if isinstance(v, int) else v


def conv(x, w, stride, padding):
    sh, sw = hw(stride); ph, pw = hw(padding)
    N, C, H, W = x.shape
    F, _, kh, kw = w.shape
    p = np.zeros((N, C, H + 2 * ph, W + 2 * pw))
    p[:, :, ph:ph + H, pw:pw + W] = x
    oh, ow = 1 + (H + 2 * ph - kh) // sh, 1 + (W + 2 * pw - kw) // sw
    out = np.zeros((N, F, oh, ow))
    for n in range(N):
        for f in range(F):
            for i in range(oh):
                for j in range(ow):
                    out[n, f, i, j] = (p[n, :, i * sh:i * sh + kh, j * sw:j * sw + kw] * w[f]).sum()
    return out


def conv2d_grouped(x, w, b=None, stride=1, padding=0, groups=1):
    C, F = x.shape[1], w.shape[0]
    if C % groups != 0 or F % groups != 0:
        raise ValueError("C and F must be divisible by groups")
    xs = np.split(x, groups, axis=1)
    ws = np.split(w, groups, axis=0)
    out = np.concatenate([conv(a, k, stride, padding) for a, k in zip(xs, ws)], axis=1)
    if b is not None:
        out += b[None, :, None, None]
    return out


def pointwise_conv(x, w, b=None):
    out = np.moveaxis(np.tensordot(x.astype(float), w, axes=(1, 1)), -1, 1)
    if b is not None:
        out = out + b.reshape(-1, 1, 1)
    return out


def depthwise_conv2d(x, w, stride=1, padding=0):
    C = x.shape[1]
    m = w.shape[0] // C
    maps = [conv(x[:, c:c + 1], w[c * m:(c + 1) * m], stride, padding) for c in range(C)]
    return np.concatenate(maps, axis=1)


def depthwise_separable(x, dw, pw, stride=1, padding=0):
    middle = depthwise_conv2d(x, dw, stride, padding)
    pw.shape = pw.shape + (1, 1)
    return conv(middle, pw, 1, 0)


def separable_ratio(c_out, k):
    return (k * k + c_out) / (c_out * k * k)
