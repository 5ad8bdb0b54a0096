# /// answer
# mistake = "minus-zero-slice"
# title = "The border is cut off by a slice that ends at -0"
# hint = "out[top:-bottom] is empty when bottom is 0: count from the start, out[top:top + H]."
# points = {pad2d = 2.5, cross_correlate2d = 15, conv2d = 30}
# ///
import numpy as np


def pair(v):
    return (v, v) if isinstance(v, int) else v


def pad2d(x, pad, value=0.0):
    N, C, H, W = x.shape
    t, b, l, r = pad
    out = np.full((N, C, H + t + b, W + l + r), float(value))
    out[:, :, t:-b, l:-r] = x
    return out


def cross_correlate2d(img, k):
    H, W = img.shape
    kH, kW = k.shape
    out = np.zeros((H - kH + 1, W - kW + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (img[i:i + kH, j:j + kW] * k).sum()
    return out


def conv2d(x, w, b=None, stride=1, padding=0, dilation=1):
    (sh, sw), (ph, pw), (dh, dw) = pair(stride), pair(padding), pair(dilation)
    x = np.pad(x.astype(float), ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    F, C, kH, kW = w.shape
    Ho = (x.shape[2] - dh * (kH - 1) - 1) // sh + 1
    Wo = (x.shape[3] - dw * (kW - 1) - 1) // sw + 1
    y = np.zeros((x.shape[0], F, Ho, Wo))
    for u in range(kH):
        for v in range(kW):
            # every output pixel meets tap (u, v) at once
            part = x[:, :, u * dh:u * dh + (Ho - 1) * sh + 1:sh, v * dw:v * dw + (Wo - 1) * sw + 1:sw]
            y += np.einsum("nchw,fc->nfhw", part, w[:, :, u, v])
    if b is not None:
        y += b.reshape(1, -1, 1, 1)
    return y
