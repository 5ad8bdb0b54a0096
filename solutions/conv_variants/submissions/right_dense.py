# /// answer
# title = "everything is one dense convolution with zeros among its weights"
# right = true
# ///
import numpy as np


def dense(x, w, stride, padding):
    """An ordinary convolution by way of a matrix of patches."""
    sh, sw = (stride, stride) if isinstance(stride, int) else stride
    ph, pw = (padding, padding) if isinstance(padding, int) else padding
    n, c, h, width = x.shape
    f, _, kh, kw = w.shape
    big = np.zeros((n, c, h + 2 * ph, width + 2 * pw))
    big[:, :, ph:h + ph, pw:width + pw] = x
    oh = 1 + (h + 2 * ph - kh) // sh
    ow = 1 + (width + 2 * pw - kw) // sw
    patches = [
        big[:, :, i * sh:i * sh + kh, j * sw:j * sw + kw].reshape(n, -1) for i in range(oh) for j in range(ow)
    ]
    cols = np.stack(patches, axis=-1)
    return (w.reshape(f, -1).astype(float) @ cols).reshape(n, f, oh, ow)


def conv2d_grouped(x, w, b=None, stride=1, padding=0, groups=1):
    c, f = x.shape[1], w.shape[0]
    if c % groups:
        raise ValueError("groups does not divide C")
    if f % groups:
        raise ValueError("groups does not divide F")
    wide = np.zeros((f, c) + w.shape[2:])
    per = c // groups
    for filt in range(f):
        start = (filt // (f // groups)) * per
        wide[filt, start:start + per] = w[filt]
    y = dense(x, wide, stride, padding)
    if b is not None:
        y = y + np.reshape(b, (f, 1, 1))
    return y


def pointwise_conv(x, w, b=None):
    return conv2d_grouped(x, w.reshape(w.shape + (1, 1)), b)


def depthwise_conv2d(x, w, stride=1, padding=0):
    return conv2d_grouped(x, w, None, stride, padding, x.shape[1])


def depthwise_separable(x, dw, pw, stride=1, padding=0):
    # The two steps are one convolution whose kernels are products: pw[f, c] * dw[c].
    kernels = pw[:, :, np.newaxis, np.newaxis].astype(float) * dw[np.newaxis, :, 0]
    return dense(x, kernels, stride, padding)


def separable_ratio(c_out, k):
    return c_out ** -1.0 + k ** -2.0
