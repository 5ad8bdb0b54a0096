# /// answer
# mistake = "square-only"
# title = "One size stands for both height and width"
# hint = "Images and kernels may be rectangular: compute H' from H and kH, and W' from W and kW."
# points = {pad2d = 10, cross_correlate2d = 15, conv2d = 4.125}
# ///
import numpy as np


def pad2d(x, pad, value=0.0):
    top, bottom, left, right = pad
    N, C, H, W = np.shape(x)
    above = np.full((N, C, top, W), value, dtype=np.float64)
    below = np.full((N, C, bottom, W), value, dtype=np.float64)
    y = np.concatenate([above, x, below], axis=2)
    before = np.full((N, C, y.shape[2], left), value, dtype=np.float64)
    after = np.full((N, C, y.shape[2], right), value, dtype=np.float64)
    return np.concatenate([before, y, after], axis=3)


def cross_correlate2d(img, k):
    h = img.shape[0] - k.shape[0] + 1
    w = img.shape[1] - k.shape[1] + 1
    out = np.zeros((h, w))
    for u in range(k.shape[0]):
        for v in range(k.shape[1]):
            out += k[u, v] * img[u:u + h, v:v + w].astype(np.float64)
    return out


def conv2d(x, w, b=None, stride=1, padding=0, dilation=1):
    sh, sw = (stride, stride) if isinstance(stride, int) else stride
    ph, pw = (padding, padding) if isinstance(padding, int) else padding
    dh, dw = (dilation, dilation) if isinstance(dilation, int) else dilation
    padded = pad2d(x, (ph, ph, pw, pw))
    f, c, kh, kw = w.shape
    out_h = (x.shape[2] + 2 * ph - dh * (kh - 1) - 1) // sh + 1
    out_w = (x.shape[3] + 2 * pw - dh * (kh - 1) - 1) // sh + 1
    out = np.zeros((x.shape[0], f, out_h, out_w))
    for i in range(out_h):
        for j in range(out_w):
            window = padded[:, :, i * sh:i * sh + dh * (kh - 1) + 1:dh, j * sw:j * sw + dw * (kw - 1) + 1:dw]
            out[:, :, i, j] = np.tensordot(window, w, axes=([1, 2, 3], [1, 2, 3]))
    if b is not None:
        out += b.reshape(1, f, 1, 1)
    return out
