# /// answer
# mistake = "overlaps-overwritten"
# title = "Where windows overlap, the last entry overwrites the others"
# hint = "col2im adds up all entries of a pixel: += in the loop over taps, not =."
# points = {im2col = 20, col2im = 3.583333, conv2d_im2col = 15}
# ///
import numpy as np


def _tuple(v):
    return tuple(v) if hasattr(v, "__len__") else (v, v)


def get_indices(x_shape, kernel, stride, padding, dilation):
    """Index arrays (k, i, j) of every entry in the padded image, and the output's size."""
    N, C, H, W = x_shape
    (kH, kW), (sH, sW), (pH, pW), (dH, dW) = map(_tuple, (kernel, stride, padding, dilation))
    out_h = int((H + 2 * pH - dH * (kH - 1) - 1) / sH) + 1
    out_w = int((W + 2 * pW - dW * (kW - 1) - 1) / sW) + 1
    i0 = np.tile(np.repeat(np.arange(kH) * dH, kW), C)
    i1 = sH * np.repeat(np.arange(out_h), out_w)
    j0 = np.tile(np.arange(kW) * dW, kH * C)
    j1 = sW * np.tile(np.arange(out_w), out_h)
    i = i0.reshape(-1, 1) + i1.reshape(1, -1)
    j = j0.reshape(-1, 1) + j1.reshape(1, -1)
    k = np.repeat(np.arange(C), kH * kW).reshape(-1, 1)
    return k, i, j, out_h, out_w


def im2col(x, kernel, stride=1, padding=0, dilation=1):
    pH, pW = _tuple(padding)
    x_padded = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)), mode="constant")
    k, i, j, _, _ = get_indices(x.shape, kernel, stride, padding, dilation)
    return x_padded[:, k, i, j].astype(np.float64)


def conv2d_im2col(x, w, b=None, stride=1, padding=0, dilation=1):
    F = w.shape[0]
    _, _, _, out_h, out_w = get_indices(x.shape, w.shape[2:], stride, padding, dilation)
    X_col = im2col(x, w.shape[2:], stride, padding, dilation)
    N, K, L = X_col.shape
    X_col = X_col.transpose(1, 2, 0).reshape(K, L * N)
    out = w.reshape(F, -1) @ X_col
    if b is not None:
        out = out + b.reshape(-1, 1)
    return out.reshape(F, out_h, out_w, N).transpose(3, 0, 1, 2)


def _two(a):
    return (a, a) if isinstance(a, (int, np.integer)) else tuple(a)


def col2im(cols, x_shape, kernel, stride=1, padding=0, dilation=1):
    (kh, kw), (sh, sw), (ph, pw), (dh, dw) = map(_two, (kernel, stride, padding, dilation))
    n, c, h, w = x_shape
    oh = (h + 2 * ph - dh * (kh - 1) - 1) // sh + 1
    ow = (w + 2 * pw - dw * (kw - 1) - 1) // sw + 1
    k = cols.reshape(n, c, kh, kw, oh, ow)
    p = np.zeros((n, c, h + 2 * ph, w + 2 * pw))
    for i in range(oh):
        for j in range(ow):
            p[:, :, i * sh : i * sh + dh * (kh - 1) + 1 : dh, j * sw : j * sw + dw * (kw - 1) + 1 : dw] = k[..., i, j]
    return p[:, :, ph : ph + h, pw : pw + w]
