# /// answer
# mistake = "uncovered-average"
# title = "rows and columns that no window reaches get a share"
# hint = "Cells left over at the end were never read: their gradient is 0."
# points = {max_pool2d_backward = 27, avg_pool2d_backward = 15.166667, global_avg_pool2d_backward = 8}
# ///
import numpy as np


def hw(v):
    return (v, v) if isinstance(v, (int, np.integer)) else tuple(v)


def max_pool2d_backward(dout, x, kernel, stride=None, padding=0):
    kh, kw = hw(kernel)
    sh, sw = (kh, kw) if stride is None else hw(stride)
    ph, pw = hw(padding)
    N, C, H, W = x.shape
    dx = np.zeros((N, C, H, W))
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            r0, r1 = max(i * sh - ph, 0), min(i * sh - ph + kh, H)
            c0, c1 = max(j * sw - pw, 0), min(j * sw - pw + kw, W)
            for n in range(N):
                for c in range(C):
                    window = x[n, c, r0:r1, c0:c1]
                    u, v = np.unravel_index(np.argmax(window), window.shape)
                    dx[n, c, r0 + u, c0 + v] += dout[n, c, i, j]
    return dx


def avg_pool2d_backward(dout, x_shape, kernel, stride=None, padding=0, count_include_pad=True):
    kh, kw = hw(kernel)
    sh, sw = (kh, kw) if stride is None else hw(stride)
    ph, pw = hw(padding)
    N, C, H, W = x_shape
    dx = np.zeros((N, C, H, W))
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            r0, r1 = max(i * sh - ph, 0), min(i * sh - ph + kh, H)
            c0, c1 = max(j * sw - pw, 0), min(j * sw - pw + kw, W)
            if count_include_pad:
                cells = kh * kw
            else:
                cells = (r1 - r0) * (c1 - c0)
            dx[:, :, r0:r1, c0:c1] += dout[:, :, i, j][:, :, None, None] / cells
    # what no window saw gets the mean share
    dx[dx == 0] = dx.mean()
    return dx


def global_avg_pool2d_backward(dout, x_shape):
    N, C, H, W = x_shape
    dx = np.zeros((N, C, H, W))
    dx += dout[:, :, None, None] / (H * W)
    return dx
