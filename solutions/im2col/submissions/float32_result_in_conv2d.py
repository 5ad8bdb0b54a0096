# /// answer
# mistake = "float32"
# title = "Something is computed in float32"
# hint = "float64 all the way: astype(np.float32) or dtype=np.float32 anywhere rounds to seven digits, and no later cast brings them back."
# points = {im2col = 20, col2im = 20, conv2d_im2col = 0}
# ///
import numpy as np


def _tuple(v):
    return tuple(v) if hasattr(v, "__len__") else (v, v)


def get_indices(x_shape, kernel, stride, padding, dilation):
    """Index arrays (k, i, j) of every entry in the padded image, and the output's size."""
    N, C, H, W = x_shape
    (kH, kW), (sH, sW), (pH, pW), (dH, dW) = map(_tuple, (kernel, stride, padding, dilation))
    out_h = int((H + 2 * pH - dH * (kH - 1) - 1) / sH) + 1
    out_w = int((W + 2 * pW - dW * (kW - 1) - 1) / sW) + 1
    i0 = np.tile(np.repeat(np.arange(kH) * dH, kW), C)
    i1 = sH * np.repeat(np.arange(out_h), out_w)
    j0 = np.tile(np.arange(kW) * dW, kH * C)
    j1 = sW * np.tile(np.arange(out_w), out_h)
    i = i0.reshape(-1, 1) + i1.reshape(1, -1)
    j = j0.reshape(-1, 1) + j1.reshape(1, -1)
    k = np.repeat(np.arange(C), kH * kW).reshape(-1, 1)
    return k, i, j, out_h, out_w


def im2col(x, kernel, stride=1, padding=0, dilation=1):
    pH, pW = _tuple(padding)
    x_padded = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)), mode="constant")
    k, i, j, _, _ = get_indices(x.shape, kernel, stride, padding, dilation)
    return x_padded[:, k, i, j].astype(np.float64)


def col2im(cols, x_shape, kernel, stride=1, padding=0, dilation=1):
    N, C, H, W = x_shape
    pH, pW = _tuple(padding)
    x_padded = np.zeros((N, C, H + 2 * pH, W + 2 * pW), dtype=np.float64)
    k, i, j, _, _ = get_indices(x_shape, kernel, stride, padding, dilation)
    np.add.at(x_padded, (slice(None), k, i, j), cols)
    return x_padded[:, :, pH : H + pH, pW : W + pW]


def two(v):
    return (int(v), int(v)) if np.ndim(v) == 0 else (int(v[0]), int(v[1]))


def geo(h, w, k, s, p, d):
    return (h + 2 * p[0] - d[0] * (k[0] - 1) - 1) // s[0] + 1, (w + 2 * p[1] - d[1] * (k[1] - 1) - 1) // s[1] + 1


def unf(x, k, s, p, d):
    k, s, p, d = two(k), two(s), two(p), two(d)
    n, c, h, w = x.shape
    oh, ow = geo(h, w, k, s, p, d)
    xp = np.zeros((n, c, h + 2 * p[0], w + 2 * p[1]))
    xp[:, :, p[0] : p[0] + h, p[1] : p[1] + w] = x
    out = np.zeros((n, c, k[0], k[1], oh, ow))
    for u in range(k[0]):
        for v in range(k[1]):
            out[:, :, u, v] = xp[
                :, :, u * d[0] : u * d[0] + s[0] * (oh - 1) + 1 : s[0], v * d[1] : v * d[1] + s[1] * (ow - 1) + 1 : s[1]
            ]
    return out


def mm(x, w, b, s, p, d, cols):
    f = w.shape[0]
    oh, ow = geo(*x.shape[2:], w.shape[2:], two(s), two(p), two(d))
    y = (w.reshape(f, -1) @ cols).reshape(len(x), f, oh, ow)
    return y if b is None else y + b.reshape(1, f, 1, 1)


def conv2d_im2col(x, w, b=None, stride=1, padding=0, dilation=1):
    return mm(
        x,
        w,
        b,
        stride,
        padding,
        dilation,
        unf(x, w.shape[2:], stride, padding, dilation).reshape(len(x), w[0].size, -1),
    ).astype("float32")
