# /// answer
# mistake = "strides-hard-coded"
# title = "The strides are computed from the shape"
# hint = "A transposed or sliced array has other strides than its shape suggests: take x.strides, or copy x first."
# points = {im2col = 18.315789, col2im = 20, conv2d_im2col = 15}
# ///
import numpy as np


def col2im(cols, x_shape, kernel, stride=1, padding=0, dilation=1):
    kH, kW = kernel if type(kernel) is tuple else (kernel, kernel)
    sH, sW = stride if type(stride) is tuple else (stride, stride)
    pH, pW = padding if type(padding) is tuple else (padding, padding)
    dH, dW = dilation if type(dilation) is tuple else (dilation, dilation)
    N, C, H, W = x_shape
    Wo = (W + 2 * pW - dW * (kW - 1) - 1) // sW + 1
    x = np.zeros(x_shape)
    for n in range(N):
        for row in range(cols.shape[1]):
            c, u, v = np.unravel_index(row, (C, kH, kW))
            for col in range(cols.shape[2]):
                i, j = divmod(col, Wo)
                r = i * sH + u * dH - pH
                s = j * sW + v * dW - pW
                if 0 <= r < H and 0 <= s < W:
                    x[n, c, r, s] += cols[n, row, col]
    return x


def conv2d_im2col(x, w, b=None, stride=1, padding=0, dilation=1):
    # im2col above is too slow for this one: add up the taps instead, a small product for each
    F, C, kH, kW = w.shape
    sH, sW = stride if type(stride) is tuple else (stride, stride)
    pH, pW = padding if type(padding) is tuple else (padding, padding)
    dH, dW = dilation if type(dilation) is tuple else (dilation, dilation)
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    N, C, H, W = x.shape
    Ho = (H - dH * (kH - 1) - 1) // sH + 1
    Wo = (W - dW * (kW - 1) - 1) // sW + 1
    y = np.zeros((N, F, Ho * Wo))
    for u in range(kH):
        for v in range(kW):
            tap = x[:, :, u * dH : u * dH + sH * (Ho - 1) + 1 : sH, v * dW : v * dW + sW * (Wo - 1) + 1 : sW]
            y += w[:, :, u, v] @ tap.reshape(N, C, -1)
    if b is not None:
        y += b[:, None]
    return y.reshape(N, F, Ho, Wo)


def _two(a):
    return (a, a) if isinstance(a, (int, np.integer)) else tuple(a)


def im2col(x, kernel, stride=1, padding=0, dilation=1):
    (kh, kw), (sh, sw), (ph, pw), (dh, dw) = map(_two, (kernel, stride, padding, dilation))
    if ph or pw:
        x = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    n, c, h, w = x.shape
    it = x.itemsize
    oh = (h - dh * (kh - 1) - 1) // sh + 1
    ow = (w - dw * (kw - 1) - 1) // sw + 1
    st = (c * h * w * it, h * w * it, w * it * dh, it * dw, w * it * sh, it * sw)
    v = np.lib.stride_tricks.as_strided(x, (n, c, kh, kw, oh, ow), st)
    return np.array(v, dtype=float).reshape(n, c * kh * kw, oh * ow)
