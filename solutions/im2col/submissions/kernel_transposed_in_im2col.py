# /// answer
# mistake = "kernel-transposed"
# title = "The filters are reshaped without regard to their axes"
# hint = "w.reshape(F, -1) keeps a filter together; w.reshape(-1, F).T mixes all filters."
# points = {im2col = 2.385965, col2im = 4.833333, conv2d_im2col = 15}
# ///
import numpy as np
from numpy.lib.stride_tricks import as_strided


def _pair(v):
    return (v, v) if np.isscalar(v) else v


def _view(x: np.ndarray, kernel, stride, padding, dilation) -> np.ndarray:
    """(N, C, kH, kW, H', W') that shares memory with the padded image."""
    ph, pw = _pair(padding)
    if ph or pw:
        bigger = np.zeros((*x.shape[:2], x.shape[2] + 2 * ph, x.shape[3] + 2 * pw))
        bigger[:, :, ph : ph + x.shape[2], pw : pw + x.shape[3]] = x
        x = bigger
    kh, kw = _pair(kernel)
    sh, sw = _pair(stride)
    dh, dw = _pair(dilation)
    n, c, h, w = x.shape
    oh, ow = 1 + (h - 1 - dh * (kh - 1)) // sh, 1 + (w - 1 - dw * (kw - 1)) // sw
    a, b, i, j = x.strides
    return as_strided(x, (n, c, kh, kw, oh, ow), (a, b, i * dh, j * dw, i * sh, j * sw), writeable=False)


def col2im(cols, x_shape, kernel, stride=1, padding=0, dilation=1):
    # every entry's pixel, by unfolding the pixels' own numbers; 0 is the padding
    n, c, h, w = x_shape
    number = np.arange(1, h * w + 1).reshape(1, 1, h, w)
    target = im2col(number, kernel, stride, padding, dilation)[0].astype(int)
    taps = len(target)
    maps = cols.reshape(n * c, taps * target.shape[1])
    sums = [np.bincount(target.ravel(), weights=m, minlength=h * w + 1)[1:] for m in maps]
    return np.array(sums).reshape(x_shape)


def conv2d_im2col(x, w, b=None, stride=1, padding=0, dilation=1):
    v = _view(x.astype(float), w.shape[2:], stride, padding, dilation)
    y = np.tensordot(v, w, axes=([1, 2, 3], [1, 2, 3])).transpose(0, 3, 1, 2)
    return y if b is None else y + b[:, None, None]


def _pr(a):
    return (a, a) if np.isscalar(a) else tuple(a)


def _cols(x, kernel, stride, padding, dilation):
    k, s, p, d = map(_pr, (kernel, stride, padding, dilation))
    x = np.pad(np.asarray(x, float), ((0, 0), (0, 0), (p[0],) * 2, (p[1],) * 2))
    v = np.lib.stride_tricks.sliding_window_view(x, (d[0] * (k[0] - 1) + 1, d[1] * (k[1] - 1) + 1), (2, 3))
    return v[:, :, :: s[0], :: s[1], :: d[0], :: d[1]]


def im2col(x, kernel, stride=1, padding=0, dilation=1):
    v = _cols(x, kernel, stride, padding, dilation)
    n, c, h, w, a, b = v.shape
    return v.transpose(0, 1, 5, 4, 2, 3).reshape(n, -1, h * w)
