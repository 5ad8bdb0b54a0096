# /// answer
# mistake = "bias-per-channel"
# title = "The bias is added once for every channel"
# hint = "Add b[f] once to each output pixel, after the sum over the channels, not inside it."
# points = {pad2d = 10, cross_correlate2d = 15, conv2d = 22}
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
    windows = np.lib.stride_tricks.sliding_window_view(img.astype(float), k.shape)
    return np.einsum("ijuv,uv->ij", windows, k)


def conv2d(x, w, b=None, stride=1, padding=0, dilation=1):
    (sh, sw), (ph, pw), (dh, dw) = pair(stride), pair(padding), pair(dilation)
    x = pad2d(x, (ph, ph, pw, pw))
    N, C, H, W = x.shape
    F, _, kH, kW = w.shape
    out = np.zeros((N, F, (H - dh * (kH - 1) - 1) // sh + 1, (W - dw * (kW - 1) - 1) // sw + 1))
    for n, f, i, j in np.ndindex(out.shape):
        for c in range(C):
            window = x[n, c, i * sh:, j * sw:][::dh, ::dw][:kH, :kW]
            out[n, f, i, j] += np.sum(window * w[f, c])
            if b is not None:
                out[n, f, i, j] += b[f]
    return out
