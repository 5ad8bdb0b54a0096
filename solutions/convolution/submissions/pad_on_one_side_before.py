# /// answer
# mistake = "pad-on-one-side"
# title = "The padding is on one side only"
# hint = "padding=1 adds a row above and one below, a column left and one right: the image grows by 2 each way."
# points = {pad2d = 10, cross_correlate2d = 15, conv2d = 22.5}
# ///
import numpy as np
from numpy.lib.stride_tricks import as_strided


def pad2d(x: np.ndarray, pad: tuple, value: float = 0.0) -> np.ndarray:
    if not any(pad):
        return np.asarray(x, dtype=float)
    top, bottom, left, right = pad
    for axis, before, after in ((2, top, bottom), (3, left, right)):
        shape = list(x.shape)
        parts = [x]
        for place, size in ((0, before), (2, after)):
            shape[axis] = size
            parts.insert(place, np.full(shape, float(value)))
        x = np.concatenate(parts, axis=axis)
    return x


def cross_correlate2d(img: np.ndarray, k: np.ndarray) -> np.ndarray:
    return conv2d(img[None, None], k[None, None])[0, 0]


def right_conv2d(x, w, b=None, stride=1, padding=0, dilation=1):
    sh, sw = _two(stride)
    ph, pw = _two(padding)
    dh, dw = _two(dilation)
    x = pad2d(x, (ph, ph, pw, pw))
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    OH = (H - dh * (KH - 1) - 1) // sh + 1
    OW = (W - dw * (KW - 1) - 1) // sw + 1
    n, c, h, v = x.strides
    view = as_strided(x, (N, OH, OW, C, KH, KW), (n, h * sh, v * sw, c, h * dh, v * dw))
    y = np.tensordot(view, w.astype(float), axes=([3, 4, 5], [1, 2, 3]))
    if b is not None:
        y += b
    return y.transpose(0, 3, 1, 2)


def _two(v):
    try:
        a, b = v
    except TypeError:
        a = b = v
    return a, b


def conv2d(x, w, b=None, stride=1, padding=0, dilation=1):
    p = padding if isinstance(padding, tuple) else (padding, padding)
    n, c, h, wd = x.shape
    big = np.zeros((n, c, h + 2 * p[0], wd + 2 * p[1]))
    big[:, :, 2 * p[0] :, 2 * p[1] :] = x
    return right_conv2d(big, w, b, stride, 0, dilation)
