"""What the right answer is: the formulas of the lesson, one scalar at a time. Slow, obvious, float64."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

Pair = int | tuple[int, int]


def im2col(x: np.ndarray, kernel: Pair, stride: Pair = 1, padding: Pair = 0, dilation: Pair = 1) -> np.ndarray:
    """``x`` (N, C, H, W) as columns (N, C*kH*kW, H'*W'). The padding is never stored: it is 0 already."""
    (k_h, k_w), (h_out, w_out) = _pair(kernel), _out(x.shape, kernel, stride, padding, dilation)
    cols = np.zeros((x.shape[0], x.shape[1] * k_h * k_w, h_out * w_out))
    for place, pixel in _reads(x.shape, kernel, stride, padding, dilation):
        cols[place] = float(x[pixel])
    return cols


def col2im(
    cols: np.ndarray, x_shape: tuple[int, ...], kernel: Pair, stride: Pair = 1, padding: Pair = 0, dilation: Pair = 1
) -> np.ndarray:
    """``cols`` (N, C*kH*kW, H'*W') summed into images of ``x_shape``."""
    x = np.zeros(x_shape)
    for place, pixel in _reads(x_shape, kernel, stride, padding, dilation):
        x[pixel] += float(cols[place])
    return x


def conv2d_im2col(
    x: np.ndarray, w: np.ndarray, b: np.ndarray | None = None, stride: Pair = 1, padding: Pair = 0, dilation: Pair = 1
) -> np.ndarray:
    """``x`` (N, C, H, W) under ``w`` (F, C, kH, kW): (N, F, H', W')."""
    f, _, k_h, k_w = w.shape
    h_out, w_out = _out(x.shape, (k_h, k_w), stride, padding, dilation)
    y = np.zeros((x.shape[0], f, h_out, w_out))
    for (image, row, window), pixel in _reads(x.shape, (k_h, k_w), stride, padding, dilation):
        for filt in range(f):
            weight = float(w[filt, row // (k_h * k_w), row // k_w % k_h, row % k_w])
            y[image, filt, window // w_out, window % w_out] += weight * float(x[pixel])
    if b is not None:
        for filt in range(f):
            y[:, filt] += float(b[filt])
    return y


def _reads(
    x_shape: tuple[int, ...], kernel: Pair, stride: Pair, padding: Pair, dilation: Pair
) -> Iterator[tuple[tuple[int, int, int], tuple[int, int, int, int]]]:
    """Every place in the columns that holds a pixel, with that pixel; places that hold padding are left out."""
    (k_h, k_w), (s_h, s_w), (p_h, p_w), (d_h, d_w) = _pair(kernel), _pair(stride), _pair(padding), _pair(dilation)
    n, c, h, width = x_shape
    h_out, w_out = _out(x_shape, kernel, stride, padding, dilation)
    for image, channel, u, v, i, j in np.ndindex(n, c, k_h, k_w, h_out, w_out):
        row, column = i * s_h + u * d_h - p_h, j * s_w + v * d_w - p_w
        if 0 <= row < h and 0 <= column < width:
            yield (image, (channel * k_h + u) * k_w + v, i * w_out + j), (image, channel, row, column)


def _out(x_shape: tuple[int, ...], kernel: Pair, stride: Pair, padding: Pair, dilation: Pair) -> tuple[int, int]:
    (k_h, k_w), (s_h, s_w), (p_h, p_w), (d_h, d_w) = _pair(kernel), _pair(stride), _pair(padding), _pair(dilation)
    h_out = (x_shape[2] + 2 * p_h - d_h * (k_h - 1) - 1) // s_h + 1
    w_out = (x_shape[3] + 2 * p_w - d_w * (k_w - 1) - 1) // s_w + 1
    return h_out, w_out


def _pair(value: Pair) -> tuple[int, int]:
    return (value, value) if isinstance(value, int) else value
