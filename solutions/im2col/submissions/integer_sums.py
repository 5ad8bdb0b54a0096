# /// answer
# mistake = "integer-sums"
# title = "col2im sums in the dtype of cols"
# hint = "uint8 can't hold 256, and the result is float64: np.zeros(shape) without cols.dtype."
# points = {im2col = 20, col2im = 17.8125, conv2d_im2col = 15}
# ///
import numpy as np


def _t(v):
    return (v, v) if type(v) is int else tuple(v)


def indices(x_shape, kernel, stride, padding, dilation):
    C, H, W = x_shape[1:]
    (kH, kW), (sH, sW), (pH, pW), (dH, dW) = _t(kernel), _t(stride), _t(padding), _t(dilation)
    oH = (H + 2 * pH - dH * (kH - 1) - 1) // sH + 1
    oW = (W + 2 * pW - dW * (kW - 1) - 1) // sW + 1
    u, v = np.repeat(np.arange(kH), kW), np.tile(np.arange(kW), kH)
    i, j = np.repeat(np.arange(oH), oW), np.tile(np.arange(oW), oH)
    rows = np.tile(u * dH, C)[:, None] + i * sH
    columns = np.tile(v * dW, C)[:, None] + j * sW
    channels = np.repeat(np.arange(C), kH * kW)[:, None]
    return channels, rows, columns, oH, oW


def im2col(x, kernel, stride=1, padding=0, dilation=1):
    pH, pW = _t(padding)
    x_pad = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW))).astype(float)
    c, i, j, oH, oW = indices(x.shape, kernel, stride, padding, dilation)
    return x_pad[:, c, i, j]


def col2im(cols, x_shape, kernel, stride=1, padding=0, dilation=1):
    N, C, H, W = x_shape
    pH, pW = _t(padding)
    x_pad = np.zeros((N, C, H + 2 * pH, W + 2 * pW), dtype=cols.dtype)
    c, i, j, oH, oW = indices(x_shape, kernel, stride, padding, dilation)
    np.add.at(x_pad, (slice(None), c, i, j), cols)
    return x_pad[:, :, pH:pH + H, pW:pW + W]


def conv2d_im2col(x, w, b=None, stride=1, padding=0, dilation=1):
    F, C, kH, kW = w.shape
    _, _, _, oH, oW = indices(x.shape, (kH, kW), stride, padding, dilation)
    cols = im2col(x, (kH, kW), stride, padding, dilation)
    out = np.matmul(w.reshape(F, -1), cols)
    if b is not None:
        out = out + b.reshape(1, F, 1)
    return out.reshape(x.shape[0], F, oH, oW)
