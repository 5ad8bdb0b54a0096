"""What the right answer is: the formulas of the lesson, one scalar at a time. Slow, obvious, float64."""

from __future__ import annotations

import numpy as np

Pair = int | tuple[int, int]


def pad2d(x: np.ndarray, pad: tuple[int, int, int, int], value: float = 0.0) -> np.ndarray:
    """``x`` (N, C, H, W) with a border (top, bottom, left, right) of ``value``."""
    n, c, h, w = x.shape
    top, bottom, left, right = pad
    out = np.zeros((n, c, h + top + bottom, w + left + right))
    for index in np.ndindex(out.shape):
        row, column = index[2] - top, index[3] - left
        inside = 0 <= row < h and 0 <= column < w
        out[index] = float(x[index[0], index[1], row, column]) if inside else value
    return out


def cross_correlate2d(img: np.ndarray, k: np.ndarray) -> np.ndarray:
    """``img`` (H, W) under ``k`` (kH, kW), unflipped, without padding: (H - kH + 1, W - kW + 1)."""
    out = np.zeros((img.shape[0] - k.shape[0] + 1, img.shape[1] - k.shape[1] + 1))
    for i, j in np.ndindex(out.shape):
        out[i, j] = sum(float(img[i + u, j + v]) * float(k[u, v]) for u, v in np.ndindex(k.shape))
    return out


def conv2d(
    x: np.ndarray, w: np.ndarray, b: np.ndarray | None = None, stride: Pair = 1, padding: Pair = 0, dilation: Pair = 1
) -> np.ndarray:
    """``x`` (N, C, H, W) under ``w`` (F, C, kH, kW): (N, F, H', W'). The padding is never stored: it adds nothing."""
    (s_h, s_w), (p_h, p_w), (d_h, d_w) = _pair(stride), _pair(padding), _pair(dilation)
    n, c, h, width = x.shape
    f, _, k_h, k_w = w.shape
    h_out = (h + 2 * p_h - d_h * (k_h - 1) - 1) // s_h + 1
    w_out = (width + 2 * p_w - d_w * (k_w - 1) - 1) // s_w + 1
    y = np.zeros((n, f, h_out, w_out))
    for image, filt, i, j in np.ndindex(y.shape):
        total = 0.0 if b is None else float(b[filt])
        for channel, u, v in np.ndindex(c, k_h, k_w):
            row, column = i * s_h + u * d_h - p_h, j * s_w + v * d_w - p_w
            if 0 <= row < h and 0 <= column < width:
                total += float(w[filt, channel, u, v]) * float(x[image, channel, row, column])
        y[image, filt, i, j] = total
    return y


def _pair(value: Pair) -> tuple[int, int]:
    return (value, value) if isinstance(value, int) else value
