"""What the right answer is: the formulas of the lesson, one scalar at a time. Slow, obvious, float64."""

from __future__ import annotations

import numpy as np

Pair = int | tuple[int, int]


def conv2d_grouped(
    x: np.ndarray, w: np.ndarray, b: np.ndarray | None = None, stride: Pair = 1, padding: Pair = 0, groups: int = 1
) -> np.ndarray:
    """``x`` (N, C, H, W) under ``w`` (F, C/G, kH, kW): (N, F, H', W'). The padding is never stored: it adds nothing."""
    (s_h, s_w), (p_h, p_w) = _pair(stride), _pair(padding)
    n, _, h, width = x.shape
    f, c_group, k_h, k_w = w.shape
    y = np.zeros((n, f, (h + 2 * p_h - k_h) // s_h + 1, (width + 2 * p_w - k_w) // s_w + 1))
    for image, filt, i, j in np.ndindex(y.shape):
        total = 0.0 if b is None else float(b[filt])
        first = filt * groups // f * c_group
        for channel, u, v in np.ndindex(c_group, k_h, k_w):
            row, column = i * s_h + u - p_h, j * s_w + v - p_w
            if 0 <= row < h and 0 <= column < width:
                total += float(w[filt, channel, u, v]) * float(x[image, first + channel, row, column])
        y[image, filt, i, j] = total
    return y


def pointwise_conv(x: np.ndarray, w: np.ndarray, b: np.ndarray | None = None) -> np.ndarray:
    """``x`` (N, C, H, W) times ``w`` (F, C) at every pixel: (N, F, H, W)."""
    n, c, h, width = x.shape
    y = np.zeros((n, w.shape[0], h, width))
    for image, filt, i, j in np.ndindex(y.shape):
        y[image, filt, i, j] = sum(float(w[filt, channel]) * float(x[image, channel, i, j]) for channel in range(c))
        if b is not None:
            y[image, filt, i, j] += float(b[filt])
    return y


def depthwise_conv2d(x: np.ndarray, w: np.ndarray, stride: Pair = 1, padding: Pair = 0) -> np.ndarray:
    """``x`` (N, C, H, W), each channel under its m kernels of ``w`` (C*m, 1, kH, kW): (N, C*m, H', W')."""
    multiplier = w.shape[0] // x.shape[1]
    maps = []
    for channel in range(x.shape[1]):
        for j in range(multiplier):
            kernel = w[channel * multiplier + j][None]
            maps.append(conv2d_grouped(x[:, channel : channel + 1], kernel, stride=stride, padding=padding))
    return np.concatenate(maps, axis=1)


def depthwise_separable(
    x: np.ndarray, dw: np.ndarray, pw: np.ndarray, stride: Pair = 1, padding: Pair = 0
) -> np.ndarray:
    """``x`` (N, C, H, W) under ``dw`` (C, 1, k, k), then ``pw`` (F, C): (N, F, H', W')."""
    return pointwise_conv(depthwise_conv2d(x, dw, stride, padding), pw)


def separable_ratio(c_out: int, k: int) -> float:
    """Weights of the separable layer over those of the standard one, counted for one input channel."""
    return (k * k + c_out) / (c_out * k * k)


def _pair(value: Pair) -> tuple[int, int]:
    return (value, value) if isinstance(value, int) else value
