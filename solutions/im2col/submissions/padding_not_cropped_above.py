# /// answer
# mistake = "padding-not-cropped"
# title = "The padding is not cut off again"
# hint = "x_shape is the size before padding: return the middle, [pH : pH + H] and [pW : pW + W]."
# points = {im2col = 20, col2im = 13.270833, conv2d_im2col = 15}
# ///
import numpy as np
from numpy.lib.stride_tricks import as_strided


def both(v):
    return (v, v) if np.isscalar(v) else tuple(v)


def im2col(x, kernel, stride=1, padding=0, dilation=1):
    kh, kw = both(kernel)
    sh, sw = both(stride)
    ph, pw = both(padding)
    dh, dw = both(dilation)
    N, C, H, W = x.shape
    p = np.zeros((N, C, H + 2 * ph, W + 2 * pw), dtype=np.float64)
    p[:, :, ph:ph + H, pw:pw + W] = x
    oh = (p.shape[2] - dh * (kh - 1) - 1) // sh + 1
    ow = (p.shape[3] - dw * (kw - 1) - 1) // sw + 1
    cols = np.empty((N, C * kh * kw, oh * ow))
    for i in range(oh):
        for j in range(ow):
            window = p[:, :, i * sh:i * sh + dh * (kh - 1) + 1:dh, j * sw:j * sw + dw * (kw - 1) + 1:dw]
            cols[:, :, i * ow + j] = window.reshape(N, -1)
    return cols


def col2im(cols, x_shape, kernel, stride=1, padding=0, dilation=1):
    kh, kw = both(kernel)
    sh, sw = both(stride)
    ph, pw = both(padding)
    dh, dw = both(dilation)
    N, C, H, W = x_shape
    p = np.zeros((N, C, H + 2 * ph, W + 2 * pw))
    oh = (p.shape[2] - dh * (kh - 1) - 1) // sh + 1
    ow = (p.shape[3] - dw * (kw - 1) - 1) // sw + 1
    for i in range(oh):
        for j in range(ow):
            window = cols[:, :, i * ow + j].reshape(N, C, kh, kw)
            p[:, :, i * sh:i * sh + dh * (kh - 1) + 1:dh, j * sw:j * sw + dw * (kw - 1) + 1:dw] += window
    return p[:, :, :p.shape[2] - ph, :p.shape[3] - pw]


def conv2d_im2col(x, w, b=None, stride=1, padding=0, dilation=1):
    cols = im2col(x, w.shape[2:], stride, padding, dilation)
    F = w.shape[0]
    y = np.tensordot(cols, w.reshape(F, -1).astype(np.float64), axes=(1, 1)).transpose(0, 2, 1)
    if b is not None:
        y = y + b[:, np.newaxis]
    H, ph, sh, dh, kh = x.shape[2], both(padding)[0], both(stride)[0], both(dilation)[0], w.shape[2]
    oh = (H + 2 * ph - dh * (kh - 1) - 1) // sh + 1
    return y.reshape(len(x), F, oh, -1)
