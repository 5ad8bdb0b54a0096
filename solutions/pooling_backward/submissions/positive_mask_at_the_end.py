# /// answer
# mistake = "positive-mask"
# title = "the gradient passes wherever x > 0"
# hint = "That is the gradient of ReLU. In max pooling the winner of the window takes it, whatever its sign."
# points = {max_pool2d_backward = 13.1667, avg_pool2d_backward = 20, global_avg_pool2d_backward = 8}
# ///
import numpy as np


def _windows(h, w, out, kernel, stride, padding):
    """((i, j), cells) for every window; cells are the image cells in reading order."""
    kh, kw = [kernel] * 2 if isinstance(kernel, int) else kernel
    sh, sw = [kh, kw] if stride is None else ([stride] * 2 if isinstance(stride, int) else stride)
    ph, pw = [padding] * 2 if isinstance(padding, int) else padding
    for i in range(out[0]):
        for j in range(out[1]):
            cells = []
            for r in range(i * sh - ph, i * sh - ph + kh):
                for s in range(j * sw - pw, j * sw - pw + kw):
                    if 0 <= r < h and 0 <= s < w:
                        cells.append((r, s))
            yield i, j, cells, kh * kw


def avg_pool2d_backward(dout, x_shape, kernel, stride=None, padding=0, count_include_pad=True):
    n_images, channels, h, w = x_shape
    result = np.zeros(x_shape)
    for i, j, cells, area in _windows(h, w, dout.shape[2:], kernel, stride, padding):
        how_many = area if count_include_pad else len(cells)
        for n in range(n_images):
            for c in range(channels):
                share = float(dout[n, c, i, j]) / how_many
                for r, s in cells:
                    result[n, c, r, s] += share
    return result


def global_avg_pool2d_backward(dout, x_shape):
    n, c, h, w = x_shape
    return np.array([[[[float(dout[a, b]) / (h * w)] * w] * h for b in range(c)] for a in range(n)])


def two(v):
    return (v, v) if np.isscalar(v) else (v[0], v[1])


def mb(dout, x, kernel, stride, padding, pick=None, fill=-np.inf, assign=False, crop=True, shift=True):
    (kh, kw), (ph, pw) = two(kernel), two(padding)
    sh, sw = two(kernel if stride is None else stride)
    n, c, h, w = x.shape
    xp = np.full((n, c, h + 2 * ph, w + 2 * pw), float(fill))
    xp[:, :, ph : ph + h, pw : pw + w] = x
    d = np.zeros_like(xp)
    for a, b, i, j in np.ndindex(dout.shape):
        win = xp[a, b, i * sh : i * sh + kh, j * sw : j * sw + kw]
        m = pick(win) if pick else None
        if m is None:
            m = np.zeros(win.shape)
            m.flat[win.argmax()] = 1
        if assign:
            d[a, b, i * sh : i * sh + kh, j * sw : j * sw + kw] = m * dout[a, b, i, j]
        else:
            d[a, b, i * sh : i * sh + kh, j * sw : j * sw + kw] += m * dout[a, b, i, j]
    return d[:, :, ph : ph + h, pw : pw + w] if crop else d


def max_pool2d_backward(dout, x, kernel, stride=None, padding=0):
    return mb(dout, x, kernel, stride, padding) * (x > 0)
