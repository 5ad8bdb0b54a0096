# /// answer
# mistake = "padding-not-cropped"
# title = "The padding is not cut off again"
# hint = "x_shape is the size before padding: return the middle, [pH : pH + H] and [pW : pW + W]."
# points = {im2col = 20, col2im = 13.270833, conv2d_im2col = 15}
# ///
import numpy as np


def im2col(x, kernel, stride=1, padding=0, dilation=1):
    """Straight from the formula: slow, since speed does not count here."""
    kH, kW = kernel if type(kernel) is tuple else (kernel, kernel)
    sH, sW = stride if type(stride) is tuple else (stride, stride)
    pH, pW = padding if type(padding) is tuple else (padding, padding)
    dH, dW = dilation if type(dilation) is tuple else (dilation, dilation)
    N, C, H, W = x.shape
    Ho = (H + 2 * pH - dH * (kH - 1) - 1) // sH + 1
    Wo = (W + 2 * pW - dW * (kW - 1) - 1) // sW + 1
    cols = np.zeros((N, C * kH * kW, Ho * Wo))
    for n in range(N):
        for c in range(C):
            for u in range(kH):
                for v in range(kW):
                    for i in range(Ho):
                        for j in range(Wo):
                            r = i * sH + u * dH - pH
                            s = j * sW + v * dW - pW
                            if 0 <= r < H and 0 <= s < W:
                                cols[n, c * kH * kW + u * kW + v, i * Wo + j] = x[n, c, r, s]
    return cols


def conv2d_im2col(x, w, b=None, stride=1, padding=0, dilation=1):
    # im2col above is too slow for this one: add up the taps instead, a small product for each
    F, C, kH, kW = w.shape
    sH, sW = stride if type(stride) is tuple else (stride, stride)
    pH, pW = padding if type(padding) is tuple else (padding, padding)
    dH, dW = dilation if type(dilation) is tuple else (dilation, dilation)
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    N, C, H, W = x.shape
    Ho = (H - dH * (kH - 1) - 1) // sH + 1
    Wo = (W - dW * (kW - 1) - 1) // sW + 1
    y = np.zeros((N, F, Ho * Wo))
    for u in range(kH):
        for v in range(kW):
            tap = x[:, :, u * dH : u * dH + sH * (Ho - 1) + 1 : sH, v * dW : v * dW + sW * (Wo - 1) + 1 : sW]
            y += w[:, :, u, v] @ tap.reshape(N, C, -1)
    if b is not None:
        y += b[:, None]
    return y.reshape(N, F, Ho, Wo)


def two(v):
    return (int(v), int(v)) if np.ndim(v) == 0 else (int(v[0]), int(v[1]))


def geo(h, w, k, s, p, d):
    return (h + 2 * p[0] - d[0] * (k[0] - 1) - 1) // s[0] + 1, (w + 2 * p[1] - d[1] * (k[1] - 1) - 1) // s[1] + 1


def fol(cols, shape, k, s, p, d, add=True, crop=True):
    k, s, p, d = two(k), two(s), two(p), two(d)
    n, c, h, w = shape
    oh, ow = geo(h, w, k, s, p, d)
    t = np.asarray(cols, float).reshape(n, c, k[0], k[1], oh, ow)
    im = np.zeros((n, c, h + 2 * p[0], w + 2 * p[1]))
    for u in range(k[0]):
        for v in range(k[1]):
            sl = np.s_[
                :, :, u * d[0] : u * d[0] + s[0] * (oh - 1) + 1 : s[0], v * d[1] : v * d[1] + s[1] * (ow - 1) + 1 : s[1]
            ]
            if add:
                im[sl] += t[:, :, u, v]
            else:
                im[sl] = t[:, :, u, v]
    return im[:, :, p[0] : p[0] + h, p[1] : p[1] + w] if crop else im


def col2im(cols, x_shape, kernel, stride=1, padding=0, dilation=1):
    im = fol(cols, x_shape, kernel, stride, padding, dilation, crop=False)
    return im[:, :, : x_shape[2], : x_shape[3]]
