# /// answer
# mistake = "dout-divided-in-place"
# title = "dout is divided in place"
# hint = "`/=` changes the caller's array: write share = dout / divisor."
# points = {max_pool2d_backward = 27, avg_pool2d_backward = 17.3333, global_avg_pool2d_backward = 8}
# ///
import numpy as np


def pair(v):
    if isinstance(v, int):
        return v, v
    return v


def max_pool2d_backward(dout, x, kernel, stride=None, padding=0):
    kh, kw = pair(kernel)
    sh, sw = (kh, kw) if stride is None else pair(stride)
    ph, pw = pair(padding)
    N, C, H, W = x.shape
    _, _, H_out, W_out = dout.shape
    xp = np.pad(x.astype(np.float64), ((0, 0), (0, 0), (ph, ph), (pw, pw)), constant_values=-np.inf)
    dxp = np.zeros(xp.shape)
    for n in range(N):
        for c in range(C):
            for i in range(H_out):
                for j in range(W_out):
                    window = xp[n, c, i * sh : i * sh + kh, j * sw : j * sw + kw]
                    a, b = np.unravel_index(np.argmax(window), window.shape)
                    dxp[n, c, i * sh + a, j * sw + b] += dout[n, c, i, j]
    return dxp[:, :, ph : ph + H, pw : pw + W]


def right_avg_pool2d_backward(dout, x_shape, kernel, stride=None, padding=0, count_include_pad=True):
    kh, kw = pair(kernel)
    sh, sw = (kh, kw) if stride is None else pair(stride)
    ph, pw = pair(padding)
    N, C, H, W = x_shape
    _, _, H_out, W_out = dout.shape
    dxp = np.zeros((N, C, H + 2 * ph, W + 2 * pw))
    inside = np.zeros((H + 2 * ph, W + 2 * pw))
    inside[ph : ph + H, pw : pw + W] = 1
    for i in range(H_out):
        for j in range(W_out):
            rows, cols = slice(i * sh, i * sh + kh), slice(j * sw, j * sw + kw)
            if count_include_pad:
                count = kh * kw
            else:
                count = inside[rows, cols].sum()
            dxp[:, :, rows, cols] += (dout[:, :, i, j] / count)[:, :, None, None]
    return dxp[:, :, ph : ph + H, pw : pw + W]


def global_avg_pool2d_backward(dout, x_shape):
    N, C, H, W = x_shape
    return np.ones(x_shape) * dout.reshape(N, C, 1, 1) / (H * W)


def avg_pool2d_backward(dout, x_shape, kernel, stride=None, padding=0, count_include_pad=True):
    y = right_avg_pool2d_backward(dout, x_shape, kernel, stride, padding, count_include_pad)
    dout /= 4
    return y
