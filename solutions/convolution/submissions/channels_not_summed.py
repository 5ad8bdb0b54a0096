# /// answer
# mistake = "channels-not-summed"
# title = "The channels are not summed"
# hint = "A filter adds up its products over all C channels: accumulate with += and start from zero."
# points = {pad2d = 10, cross_correlate2d = 15, conv2d = 7.625}
# ///
import numpy as np


def pair(v):
    return (v, v) if isinstance(v, int) else v


def pad2d(x, pad, value=0.0):
    top, bottom, left, right = pad
    x = np.asarray(x, dtype=np.float64)
    return np.pad(x, ((0, 0), (0, 0), (top, bottom), (left, right)), constant_values=value)


def cross_correlate2d(img, k):
    H, W = img.shape
    kH, kW = k.shape
    out = np.zeros((H - kH + 1, W - kW + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (img[i:i + kH, j:j + kW] * k).sum()
    return out


def conv2d(x, w, b=None, stride=1, padding=0, dilation=1):
    sh, sw = pair(stride)
    ph, pw = pair(padding)
    dh, dw = pair(dilation)
    x = pad2d(x, (ph, ph, pw, pw))
    N, C, H, W = x.shape
    F, _, kH, kW = w.shape
    Ho = (H - dh * (kH - 1) - 1) // sh + 1
    Wo = (W - dw * (kW - 1) - 1) // sw + 1
    out = np.zeros((N, F, Ho, Wo))
    for n in range(N):
        for f in range(F):
            for c in range(C):
                full = np.zeros((dh * (kH - 1) + 1, dw * (kW - 1) + 1))
                full[::dh, ::dw] = w[f, c]
                out[n, f] = cross_correlate2d(x[n, c], full)[::sh, ::sw]
            if b is not None:
                out[n, f] += b[f]
    return out
