# /// answer
# mistake = "x-shape-taken-as-padded"
# title = "x_shape is taken for the padded size"
# hint = "x_shape is the size before padding: the image to fill has H + 2*pH rows and W + 2*pW columns."
# points = {im2col = 20, col2im = 12.645833, conv2d_im2col = 15}
# ///
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def _hw(v):
    return tuple(np.broadcast_to(v, 2).tolist())


def _places(x_shape, kernel, stride, padding, dilation):
    (kh, kw), (sh, sw), (ph, pw), (dh, dw) = map(_hw, (kernel, stride, padding, dilation))
    _, C, H, W = x_shape
    oh = (H + 2 * ph - dh * (kh - 1) - 1) // sh + 1
    ow = (W + 2 * pw - dw * (kw - 1) - 1) // sw + 1
    c = np.repeat(np.arange(C), kh * kw).reshape(-1, 1)
    u = np.tile(np.repeat(np.arange(kh), kw), C).reshape(-1, 1)
    v = np.tile(np.arange(kw), kh * C).reshape(-1, 1)
    i = np.repeat(np.arange(oh), ow).reshape(1, -1)
    j = np.tile(np.arange(ow), oh).reshape(1, -1)
    return c, i * sh + u * dh, j * sw + v * dw, oh, ow


def im2col(x, kernel, stride=1, padding=0, dilation=1):
    ph, pw = _hw(padding)
    padded = np.pad(np.asarray(x, dtype=np.float64), ((0, 0), (0, 0), (ph, ph), (pw, pw)), mode="constant")
    c, rows, columns, _, _ = _places(x.shape, kernel, stride, padding, dilation)
    return padded[:, c, rows, columns]


def col2im(cols, x_shape, kernel, stride=1, padding=0, dilation=1):
    N, C, H, W = x_shape
    ph, pw = _hw(padding)
    padded = np.zeros((N, C, H, W))
    c, rows, columns, _, _ = _places(x_shape, kernel, stride, 0, dilation)
    np.add.at(padded, (slice(None), c, rows, columns), cols)
    return padded[:, :, ph:H - ph, pw:W - pw]


def conv2d_im2col(x, w, b=None, stride=1, padding=0, dilation=1):
    F = w.shape[0]
    *_, oh, ow = _places(x.shape, w.shape[2:], stride, padding, dilation)
    matrix = np.asarray(w, dtype=np.float64).reshape(F, -1)
    y = np.stack([matrix @ columns for columns in im2col(x, w.shape[2:], stride, padding, dilation)])
    if b is not None:
        y += b.reshape(1, F, 1)
    return y.reshape(x.shape[0], F, oh, ow)
