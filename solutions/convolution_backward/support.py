"""The forward pass, given: use it to try your gradients with ``numerical_grad``. ``from support import conv2d``."""

from __future__ import annotations

import numpy as np


def conv2d(
    x: np.ndarray,
    w: np.ndarray,
    b: np.ndarray | None = None,
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
    dilation: int | tuple[int, int] = 1,
) -> np.ndarray:
    """``x`` (N, C, H, W) under ``w`` (F, C, kH, kW), plus ``b`` (F,): (N, F, H', W'), float64, window by window."""
    s_h, s_w = (stride, stride) if isinstance(stride, int) else stride
    p_h, p_w = (padding, padding) if isinstance(padding, int) else padding
    d_h, d_w = (dilation, dilation) if isinstance(dilation, int) else dilation

    padded = np.pad(x.astype(np.float64), ((0, 0), (0, 0), (p_h, p_h), (p_w, p_w)))
    filters, _, k_h, k_w = w.shape
    extent_h, extent_w = d_h * (k_h - 1) + 1, d_w * (k_w - 1) + 1
    h_out = (padded.shape[2] - extent_h) // s_h + 1
    w_out = (padded.shape[3] - extent_w) // s_w + 1
    y = np.zeros((len(x), filters, h_out, w_out))
    for i in range(h_out):
        for j in range(w_out):
            top, left = i * s_h, j * s_w
            window = padded[:, :, top : top + extent_h : d_h, left : left + extent_w : d_w]
            y[:, :, i, j] = np.tensordot(window, w, axes=([1, 2, 3], [1, 2, 3]))
    return y if b is None else y + b.reshape(1, -1, 1, 1)
