# /// answer
# mistake = "view-returned"
# title = "The result of im2col shares its memory with x"
# hint = "reshape copies only when it must; with a 1×1 kernel it need not. Return a copy, so that a write can't reach x."
# points = {im2col = 19.578947, col2im = 20, conv2d_im2col = 15}
# ///
import numpy as np


def right_im2col(x, kernel, stride=1, padding=0, dilation=1):
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


def col2im(cols, x_shape, kernel, stride=1, padding=0, dilation=1):
    kH, kW = kernel if type(kernel) is tuple else (kernel, kernel)
    sH, sW = stride if type(stride) is tuple else (stride, stride)
    pH, pW = padding if type(padding) is tuple else (padding, padding)
    dH, dW = dilation if type(dilation) is tuple else (dilation, dilation)
    N, C, H, W = x_shape
    Wo = (W + 2 * pW - dW * (kW - 1) - 1) // sW + 1
    x = np.zeros(x_shape)
    for n in range(N):
        for row in range(cols.shape[1]):
            c, u, v = np.unravel_index(row, (C, kH, kW))
            for col in range(cols.shape[2]):
                i, j = divmod(col, Wo)
                r = i * sH + u * dH - pH
                s = j * sW + v * dW - pW
                if 0 <= r < H and 0 <= s < W:
                    x[n, c, r, s] += cols[n, row, col]
    return x


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


def im2col(x, kernel, stride=1, padding=0, dilation=1):
    k = (kernel, kernel) if isinstance(kernel, int) else kernel
    if k == (1, 1) and stride in (1, (1, 1)) and padding in (0, (0, 0)):
        return np.asarray(x, dtype=np.float64).reshape(x.shape[0], x.shape[1], -1)
    return right_im2col(x, kernel, stride, padding, dilation)
