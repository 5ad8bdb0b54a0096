# /// answer
# mistake = "summed-over-batch"
# title = "every image gets the gradient of the whole batch"
# hint = "Each image has its own dx: nothing is summed over N."
# points = {max_pool2d_backward = 11.4167, avg_pool2d_backward = 20, global_avg_pool2d_backward = 8}
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


def right_max_pool2d_backward(dout, x, kernel, stride=None, padding=0):
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


def max_pool2d_backward(dout, x, kernel, stride=None, padding=0):
    g = right_max_pool2d_backward(dout, x, kernel, stride, padding)
    return np.repeat(g.sum(0, keepdims=True), len(g), 0)
