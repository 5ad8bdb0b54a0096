# /// answer
# mistake = "x-shape-taken-as-padded"
# title = "x_shape is taken for the padded size"
# hint = "x_shape is the size before padding: the image to fill has H + 2*pH rows and W + 2*pW columns."
# points = {im2col = 20, col2im = 13.270833, conv2d_im2col = 15}
# ///
import numpy as np


def two(v):
    return (v, v) if isinstance(v, int) else v


def unfold_one(img, kernel, stride, padding, dilation):
    """One image (C, H, W) to (C*kH*kW, L)."""
    kh, kw = two(kernel)
    sh, sw = two(stride)
    ph, pw = two(padding)
    dh, dw = two(dilation)
    img = np.pad(img.astype(np.float64), [(0, 0), (ph, ph), (pw, pw)])
    C, H, W = img.shape
    oh = (H - dh * (kh - 1) - 1) // sh + 1
    ow = (W - dw * (kw - 1) - 1) // sw + 1
    rows = []
    for c in range(C):
        for u in range(kh):
            for v in range(kw):
                tap = img[c, u * dh :, v * dw :][::sh, ::sw][:oh, :ow]
                rows.append(tap.flatten())
    return np.stack(rows), (oh, ow)


def im2col(x, kernel, stride=1, padding=0, dilation=1):
    return np.stack([unfold_one(img, kernel, stride, padding, dilation)[0] for img in x])


def right_col2im(cols, x_shape, kernel, stride=1, padding=0, dilation=1):
    N, C, H, W = x_shape
    kh, kw = two(kernel)
    sh, sw = two(stride)
    ph, pw = two(padding)
    dh, dw = two(dilation)
    oh = (H + 2 * ph - dh * (kh - 1) - 1) // sh + 1
    ow = (W + 2 * pw - dw * (kw - 1) - 1) // sw + 1
    images = []
    for n in range(N):
        out = np.zeros((C, H + 2 * ph, W + 2 * pw))
        for i in range(oh):
            for j in range(ow):
                patch = cols[n, :, i * ow + j].reshape(C, kh, kw)
                top, left = i * sh, j * sw
                out[:, top : top + dh * (kh - 1) + 1 : dh, left : left + dw * (kw - 1) + 1 : dw] += patch
        images.append(out[:, ph : ph + H, pw : pw + W])
    return np.array(images)


def conv2d_im2col(x, w, b=None, stride=1, padding=0, dilation=1):
    F, C, kh, kw = w.shape
    flat = w.reshape(F, C * kh * kw)
    out = []
    for img in x:
        cols, (oh, ow) = unfold_one(img, (kh, kw), stride, padding, dilation)
        y = np.dot(flat, cols)
        if b is not None:
            y = y + b[:, np.newaxis]
        out.append(y.reshape(F, oh, ow))
    return np.array(out)


def hw(v):
    return tuple(v) if isinstance(v, (tuple, list)) else (v, v)


def col2im(cols, x_shape, kernel, stride=1, padding=0, dilation=1):
    p = hw(padding)
    n, c, h, w = x_shape
    return right_col2im(cols, (n, c, h - 2 * p[0], w - 2 * p[1]), kernel, stride, padding, dilation)
