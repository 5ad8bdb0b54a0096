# /// answer
# mistake = "strides-hard-coded"
# title = "The strides are computed from the shape"
# hint = "A transposed or sliced array has other strides than its shape suggests: take x.strides, or copy x first."
# points = {im2col = 19.157895, col2im = 20, conv2d_im2col = 14.666667}
# ///
import numpy as np
from numpy.lib.stride_tricks import as_strided


def pair(v):
    return (v, v) if isinstance(v, int) else v


def im2col(x, kernel, stride=1, padding=0, dilation=1):
    (kh, kw), (sh, sw), (ph, pw), (dh, dw) = pair(kernel), pair(stride), pair(padding), pair(dilation)
    x = x.astype(np.float64)
    if ph or pw:
        x = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    N, C, H, W = x.shape
    oh = (H - dh * (kh - 1) - 1) // sh + 1
    ow = (W - dw * (kw - 1) - 1) // sw + 1
    s = 8  # bytes of a float64
    view = as_strided(
        x,
        shape=(N, C, kh, kw, oh, ow),
        strides=(C * H * W * s, H * W * s, dh * W * s, dw * s, sh * W * s, sw * s),
    )
    return view.reshape(N, C * kh * kw, oh * ow).copy()


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
        out += b[:, None]
    return out.reshape(-1, F, oh, ow)
