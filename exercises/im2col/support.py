"""The convolution to beat: four Python loops around one small sum."""

from __future__ import annotations

import numpy as np


def slow_conv2d(
    x: np.ndarray,
    w: np.ndarray,
    b: np.ndarray | None = None,
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
    dilation: int | tuple[int, int] = 1,
) -> np.ndarray:
    """What ``conv2d_im2col`` gives, and slowly: (N, F, H', W') from x (N, C, H, W) and w (F, C, kH, kW)."""
    s_h, s_w = stride if isinstance(stride, tuple) else (stride, stride)
    p_h, p_w = padding if isinstance(padding, tuple) else (padding, padding)
    d_h, d_w = dilation if isinstance(dilation, tuple) else (dilation, dilation)
    padded = np.pad(x, ((0, 0), (0, 0), (p_h, p_h), (p_w, p_w))).astype(np.float64)
    n, _, h, width = padded.shape
    f, _, k_h, k_w = w.shape
    extent_h, extent_w = d_h * (k_h - 1) + 1, d_w * (k_w - 1) + 1
    y = np.zeros((n, f, (h - extent_h) // s_h + 1, (width - extent_w) // s_w + 1))
    for image in range(y.shape[0]):
        for filt in range(y.shape[1]):
            for i in range(y.shape[2]):
                for j in range(y.shape[3]):
                    top, left = i * s_h, j * s_w
                    window = padded[image, :, top : top + extent_h : d_h, left : left + extent_w : d_w]
                    y[image, filt, i, j] = np.sum(window * w[filt])
    return y if b is None else y + b[:, None, None]
