# /// answer
# mistake = "bias-on-windows"
# title = "The bias is added along the windows"
# hint = "b has one number for each filter: next to (N, F, L) it is b[:, None]."
# points = {im2col = 20, col2im = 20, conv2d_im2col = 10.266667}
# ///
import numpy as np


def pair(v):
    return (v, v) if isinstance(v, int) else v


def im2col(x, kernel, stride=1, padding=0, dilation=1):
    (kh, kw), (sh, sw), (ph, pw), (dh, dw) = pair(kernel), pair(stride), pair(padding), pair(dilation)
    xp = np.pad(x.astype(np.float64), ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    N, C, H, W = xp.shape
    oh = (H - dh * (kh - 1) - 1) // sh + 1
    ow = (W - dw * (kw - 1) - 1) // sw + 1
    cols = np.zeros((N, C, kh, kw, oh, ow))
    for u in range(kh):
        for v in range(kw):
            cols[:, :, u, v] = xp[:, :, u * dh:u * dh + sh * (oh - 1) + 1:sh, v * dw:v * dw + sw * (ow - 1) + 1:sw]
    return cols.reshape(N, C * kh * kw, oh * ow)


def col2im(cols, x_shape, kernel, stride=1, padding=0, dilation=1):
    (kh, kw), (sh, sw), (ph, pw), (dh, dw) = pair(kernel), pair(stride), pair(padding), pair(dilation)
    N, C, H, W = x_shape
    oh = (H + 2 * ph - dh * (kh - 1) - 1) // sh + 1
    ow = (W + 2 * pw - dw * (kw - 1) - 1) // sw + 1
    cols = cols.reshape(N, C, kh, kw, oh, ow)
    out = np.zeros((N, C, H + 2 * ph, W + 2 * pw))
    for u in range(kh):
        for v in range(kw):
            out[:, :, u * dh:u * dh + sh * (oh - 1) + 1:sh, v * dw:v * dw + sw * (ow - 1) + 1:sw] += cols[:, :, u, v]
    return out[:, :, ph:ph + H, pw:pw + W]


def conv2d_im2col(x, w, b=None, stride=1, padding=0, dilation=1):
    (sh, sw), (ph, pw), (dh, dw) = pair(stride), pair(padding), pair(dilation)
    F, C, kh, kw = w.shape
    oh = (x.shape[2] + 2 * ph - dh * (kh - 1) - 1) // sh + 1
    ow = (x.shape[3] + 2 * pw - dw * (kw - 1) - 1) // sw + 1
    out = w.reshape(F, -1) @ im2col(x, (kh, kw), stride, padding, dilation)
    if b is not None:
        out = out + b
    return out.reshape(-1, F, oh, ow)
