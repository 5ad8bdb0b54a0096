# /// answer
# mistake = "float32"
# title = "Something is computed in float32"
# hint = "float64 all the way: astype(np.float32) or dtype=np.float32 anywhere rounds to seven digits, and no later cast brings them back."
# points = {im2col = 20, col2im = 20, conv2d_im2col = 1.2}
# ///
import numpy as np


def pair(v):
    return (v, v) if isinstance(v, int) else tuple(v)


def out_size(n, k, s, p, d):
    return (n + 2 * p - d * (k - 1) - 1) // s + 1


def im2col(x, kernel, stride=1, padding=0, dilation=1):
    (kh, kw), (sh, sw), (ph, pw), (dh, dw) = pair(kernel), pair(stride), pair(padding), pair(dilation)
    N, C, H, W = x.shape
    oh, ow = out_size(H, kh, sh, ph, dh), out_size(W, kw, sw, pw, dw)
    img = np.zeros((N, C, H + 2 * ph, W + 2 * pw))
    img[:, :, ph:ph + H, pw:pw + W] = x
    cols = np.zeros((N, C, kh, kw, oh, ow))
    for y in range(kh):
        y_max = y * dh + sh * (oh - 1) + 1
        for z in range(kw):
            z_max = z * dw + sw * (ow - 1) + 1
            cols[:, :, y, z] = img[:, :, y * dh:y_max:sh, z * dw:z_max:sw]
    return cols.reshape(N, C * kh * kw, oh * ow)


def col2im(cols, x_shape, kernel, stride=1, padding=0, dilation=1):
    (kh, kw), (sh, sw), (ph, pw), (dh, dw) = pair(kernel), pair(stride), pair(padding), pair(dilation)
    N, C, H, W = x_shape
    oh, ow = out_size(H, kh, sh, ph, dh), out_size(W, kw, sw, pw, dw)
    cols = cols.reshape(N, C, kh, kw, oh, ow)
    img = np.zeros((N, C, H + 2 * ph, W + 2 * pw))
    for y in range(kh):
        y_max = y * dh + sh * (oh - 1) + 1
        for z in range(kw):
            z_max = z * dw + sw * (ow - 1) + 1
            img[:, :, y * dh:y_max:sh, z * dw:z_max:sw] += cols[:, :, y, z]
    return img[:, :, ph:ph + H, pw:pw + W]


def conv2d_im2col(x, w, b=None, stride=1, padding=0, dilation=1):
    N, C, H, W = x.shape
    F, _, kh, kw = w.shape
    (sh, sw), (ph, pw), (dh, dw) = pair(stride), pair(padding), pair(dilation)
    oh, ow = out_size(H, kh, sh, ph, dh), out_size(W, kw, sw, pw, dw)
    cols = im2col(x, (kh, kw), stride, padding, dilation)
    out = np.matmul(w.reshape(F, -1).astype(np.float32), cols.astype(np.float32))
    if b is not None:
        out = out + b[None, :, None]
    return out.reshape(N, F, oh, ow)
