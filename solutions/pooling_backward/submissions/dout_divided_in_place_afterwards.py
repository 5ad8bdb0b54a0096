# /// answer
# mistake = "dout-divided-in-place"
# title = "dout is divided in place"
# hint = "`/=` changes the caller's array: write share = dout / divisor."
# points = {max_pool2d_backward = 27, avg_pool2d_backward = 17.3333, global_avg_pool2d_backward = 8}
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


def max_pool2d_backward(dout, x, kernel, stride=None, padding=0):
    h, w = x.shape[2:]
    result = np.zeros(x.shape)
    for n, image in enumerate(x.tolist()):
        for c, plane in enumerate(image):
            for i, j, cells, _ in _windows(h, w, dout.shape[2:], kernel, stride, padding):
                winner = cells[0]
                for r, s in cells[1:]:
                    if plane[r][s] > plane[winner[0]][winner[1]]:
                        winner = (r, s)
                result[n, c, winner[0], winner[1]] += float(dout[n, c, i, j])
    return result


def global_avg_pool2d_backward(dout, x_shape):
    n, c, h, w = x_shape
    return np.array([[[[float(dout[a, b]) / (h * w)] * w] * h for b in range(c)] for a in range(n)])


def two(v):
    return (v, v) if np.isscalar(v) else (v[0], v[1])


def ab(dout, shape, kernel, stride, padding, count, assign=False, crop=True, div=None):
    (kh, kw), (ph, pw) = two(kernel), two(padding)
    sh, sw = two(kernel if stride is None else stride)
    n, c, h, w = shape
    d = np.zeros((n, c, h + 2 * ph, w + 2 * pw))
    one = np.zeros(d.shape[2:])
    one[ph : ph + h, pw : pw + w] = 1
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            sl = np.s_[i * sh : i * sh + kh, j * sw : j * sw + kw]
            q = kh * kw if count else one[sl].sum()
            v = dout[:, :, i, j, None, None] / (div or q)
            if assign:
                d[(..., *sl)] = v
            else:
                d[(..., *sl)] += v
    return d[:, :, ph : ph + h, pw : pw + w] if crop else d


def avg_pool2d_backward(dout, x_shape, kernel, stride=None, padding=0, count_include_pad=True):
    r = ab(dout, x_shape, kernel, stride, padding, count_include_pad)
    k = two(kernel)
    np.divide(dout, k[0] * k[1], out=dout)
    return r
