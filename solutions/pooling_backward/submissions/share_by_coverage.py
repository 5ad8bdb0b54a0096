# /// answer
# mistake = "share-by-coverage"
# title = "the gradient is divided by how many windows hold a pixel"
# hint = "A window divides by the number of its own cells; how many windows a pixel lies in decides how many shares it gets."
# points = {max_pool2d_backward = 27, avg_pool2d_backward = 13.833, global_avg_pool2d_backward = 8}
# ///
import numpy as np


def _p(v): return (v, v) if isinstance(v, int) else v


def max_pool2d_backward(dout, x, kernel, stride=None, padding=0):
    if stride is None: stride = kernel
    (kh, kw), (sh, sw), (ph, pw) = _p(kernel), _p(stride), _p(padding)
    n, c, h, w = x.shape
    canvas = np.full((n, c, h + 2 * ph, w + 2 * pw), -np.inf)
    canvas[:, :, ph:ph + h, pw:pw + w] = x
    d = np.zeros_like(canvas)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            at = np.s_[:, :, i * sh:i * sh + kh, j * sw:j * sw + kw]
            win = canvas[at].reshape(n, c, -1)
            first = win.argmax(-1)
            hot = (np.arange(kh * kw) == first[..., None]).reshape(n, c, kh, kw)
            d[at] = d[at] + hot * dout[:, :, i:i + 1, j:j + 1]
    return d[:, :, ph:, pw:][:, :, :h, :w]


def avg_pool2d_backward(dout, x_shape, kernel, stride=None, padding=0, count_include_pad=True):
    if stride is None: stride = kernel
    (kh, kw), (sh, sw), (ph, pw) = _p(kernel), _p(stride), _p(padding)
    n, c, h, w = x_shape
    def axis(size, k, s, p, outs):
        m = np.zeros((outs, size))
        for o in range(outs):
            m[o, max(o * s - p, 0):max(o * s - p + k, 0)] = 1
        return m
    R, S = axis(h, kh, sh, ph, dout.shape[2]), axis(w, kw, sw, pw, dout.shape[3])
    if count_include_pad:
        R, S = R / kh, S / kw
    else:
        R, S = R / np.maximum(R.sum(0), 1), S / np.maximum(S.sum(0), 1)
    return np.einsum("ncij,ir,js->ncrs", dout, R, S)


def global_avg_pool2d_backward(dout, x_shape):
    dx = np.empty(x_shape)
    for n in range(x_shape[0]):
        for c in range(x_shape[1]):
            dx[n, c] = dout[n, c] / x_shape[2] / x_shape[3]
    return dx
