# /// answer
# right = true
# ///
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def windows(x, kernel, stride, padding, dilation):
    (kh, kw), (sh, sw), (ph, pw), (dh, dw) = (np.broadcast_to(v, 2) for v in (kernel, stride, padding, dilation))
    x = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    extent = (dh * (kh - 1) + 1, dw * (kw - 1) + 1)
    return sliding_window_view(x, extent, axis=(2, 3))[:, :, ::sh, ::sw, ::dh, ::dw]


def im2col(x, kernel, stride=1, padding=0, dilation=1):
    v = windows(x, kernel, stride, padding, dilation).transpose(0, 1, 4, 5, 2, 3)
    return v.astype(np.float64).reshape(x.shape[0], np.prod(v.shape[1:4]), -1)


def col2im(cols, x_shape, kernel, stride=1, padding=0, dilation=1):
    n, c, h, w = x_shape
    ph, pw = np.broadcast_to(padding, 2)
    out = np.zeros((n, c, h + 2 * ph, w + 2 * pw))
    # a writeable view of the windows of `out`; one tap at a time never meets a pixel twice
    (kh, kw), (dh, dw), (sh, sw) = (np.broadcast_to(v, 2) for v in (kernel, dilation, stride))
    extent = (dh * (kh - 1) + 1, dw * (kw - 1) + 1)
    view = sliding_window_view(out, extent, axis=(2, 3), writeable=True)[:, :, ::sh, ::sw, ::dh, ::dw]
    parts = np.reshape(cols, (n, c, kh, kw) + view.shape[2:4])
    for u in range(kh):
        for v in range(kw):
            view[..., u, v] += parts[:, :, u, v]
    return out[:, :, ph:h + ph, pw:w + pw]


def conv2d_im2col(x, w, b=None, stride=1, padding=0, dilation=1):
    v = windows(x, w.shape[2:], stride, padding, dilation)
    y = np.einsum("nchwuv,fcuv->nfhw", v, w)
    if b is not None:
        y = y + b[None, :, None, None]
    return y.astype(np.float64)
