# /// answer
# mistake = "separable-kernel-transposed"
# title = "the depthwise kernel's rows and columns change places in the separable layer"
# hint = "k[u, v] meets the pixel u rows down and v columns right: no axis is swapped on the way into the product."
# points = {conv2d_grouped = 18, pointwise_conv = 7, depthwise_conv2d = 9, depthwise_separable = 0.48, separable_ratio = 3}
# ///
import numpy as np
from numpy.lib.stride_tricks import as_strided


def cols_of(x, kh, kw, stride, padding):
    sh, sw = (stride, stride) if np.isscalar(stride) else stride
    ph, pw = (padding, padding) if np.isscalar(padding) else padding
    x = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw))).astype(np.float64)
    n, c, h, w = x.shape
    a, b, r, q = x.strides
    oh, ow = (h - kh) // sh + 1, (w - kw) // sw + 1
    return as_strided(x, (n, c, kh, kw, oh, ow), (a, b, r, q, r * sh, q * sw), writeable=False)


def conv2d_grouped(x, w, b=None, stride=1, padding=0, groups=1):
    F, CG, kh, kw = w.shape
    C = x.shape[1]
    if C % groups: raise ValueError("C")
    if F % groups: raise ValueError("F")
    # the dense kernel: zeros outside the filter's own group
    dense = np.zeros((F, C, kh, kw))
    for f in range(F):
        g = f // (F // groups)
        dense[f, g * CG:(g + 1) * CG] = w[f]
    out = np.tensordot(dense, cols_of(x, kh, kw, stride, padding), axes=([1, 2, 3], [1, 2, 3])).swapaxes(0, 1)
    return out if b is None else out + b.reshape(1, F, 1, 1)


def pointwise_conv(x, w, b=None):
    y = (x.transpose(0, 2, 3, 1).astype(float) @ w.T).transpose(0, 3, 1, 2)
    return y if b is None else y + b[None, :, None, None]


def depthwise_conv2d(x, w, stride=1, padding=0):
    C = x.shape[1]
    M = w.shape[0] // C
    cols = np.repeat(cols_of(x, *w.shape[2:], stride, padding), M, axis=1)
    return (cols * w[None, :, 0, :, :, None, None]).sum((2, 3))


def depthwise_separable(x, dw, pw, stride=1, padding=0):
    both = pw[:, :, None, None] * np.asarray(dw, float)[:, 0].swapaxes(1, 2)[None]
    return conv2d_grouped(x, both, None, stride, padding)


def separable_ratio(c_out, k):
    return float(1 / c_out + 1 / (k * k))
