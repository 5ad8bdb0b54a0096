# /// answer
# mistake = "mean-for-sum"
# title = "The products are averaged"
# hint = "Add the products up; a mean is kH*kW times (in conv2d C*kH*kW times) too small."
# points = {pad2d = 10, cross_correlate2d = 0.625, conv2d = 0}
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
    H, W = img.shape
    kH, kW = k.shape
    out = np.zeros((H - kH + 1, W - kW + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (img[i:i + kH, j:j + kW] * k).mean()
    return out


def conv2d(x, w, b=None, stride=1, padding=0, dilation=1):
    (sh, sw), (ph, pw), (dh, dw) = pair(stride), pair(padding), pair(dilation)
    x = pad2d(x, (ph, ph, pw, pw))
    F, C, kH, kW = w.shape
    Ho = (x.shape[2] - dh * (kH - 1) - 1) // sh + 1
    Wo = (x.shape[3] - dw * (kW - 1) - 1) // sw + 1
    out = np.empty((x.shape[0], F, Ho, Wo))
    for n, f, i, j in np.ndindex(out.shape):
        rows = np.arange(kH) * dh + i * sh
        cols = np.arange(kW) * dw + j * sw
        out[n, f, i, j] = np.mean(x[n][:, rows][:, :, cols] * w[f])
    return out if b is None else out + b.reshape(-1, 1, 1)
