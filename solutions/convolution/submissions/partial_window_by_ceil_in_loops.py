# /// answer
# mistake = "partial-window"
# title = "Windows that hang over the edge are counted"
# hint = "Only whole windows count: the output size is rounded down, and the last window starts where it still fits, at H - kH at most."
# points = {pad2d = 10, cross_correlate2d = 15, conv2d = 22.75}
# ///
import numpy as np


def pad2d(x, pad, value=0.0):
    t, b, l, r = pad
    n, c, h, w = x.shape
    out = np.full((n, c, t + h + b, l + w + r), value, dtype=float)
    out[:, :, t:t + h, l:l + w] = x
    return out


def cross_correlate2d(img, k):
    H, W = img.shape
    kH, kW = k.shape
    out = np.zeros((H - kH + 1, W - kW + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            window = img[i:i + kH, j:j + kW].astype(float)
            out[i, j] = np.sum(window * k)
    return out


def conv2d(x, w, b=None, stride=1, padding=0, dilation=1):
    if not isinstance(stride, tuple):
        stride = (stride, stride)
    if not isinstance(padding, tuple):
        padding = (padding, padding)
    if not isinstance(dilation, tuple):
        dilation = (dilation, dilation)
    x_pad = pad2d(x, (padding[0], padding[0], padding[1], padding[1]))
    N, C, H, W = x_pad.shape
    F, _, kH, kW = w.shape
    H_out = int(np.ceil((H - dilation[0] * (kH - 1) - 1) / stride[0])) + 1
    W_out = int(np.ceil((W - dilation[1] * (kW - 1) - 1) / stride[1])) + 1
    y = np.zeros((N, F, H_out, W_out))
    for n in range(N):
        for f in range(F):
            for i in range(H_out):
                for j in range(W_out):
                    top, left = i * stride[0], j * stride[1]
                    total = 0.0
                    for c in range(C):
                        window = x_pad[n, c, top:top + dilation[0] * (kH - 1) + 1:dilation[0],
                                       left:left + dilation[1] * (kW - 1) + 1:dilation[1]]
                        total += np.sum(window * w[f, c])
                    y[n, f, i, j] = total + (b[f] if b is not None else 0)
    return y
