"""Pooling, backward: which pixel gets how much of the gradient.

Everywhere below, x has shape (N, C, H, W): images, channels, rows, columns. dout is the gradient of some loss with
respect to the output of a pooling layer and has that output's shape; dx, the result, is the gradient with respect to
the layer's input and has the shape of x. `kernel`, `stride` and `padding` are an int, which serves both axes, or a pair
(height, width). They mean what they mean in `pooling`; there is no `ceil_mode` here, and padding is at most half the
kernel. Results are float64 whatever the dtypes of x and dout (integers and float32 included), and neither argument is
ever changed.
"""

from __future__ import annotations

import numpy as np

Pair = int | tuple[int, int]


def _pair(value: Pair) -> tuple[int, int]:
    """`value` as (height, width): 3 becomes (3, 3), a pair stays as it is. Yours to use."""
    return (value, value) if isinstance(value, int) else (value[0], value[1])


def max_pool2d_backward(
    dout: np.ndarray, x: np.ndarray, kernel: Pair, stride: Pair | None = None, padding: Pair = 0
) -> np.ndarray:
    """The gradient of max pooling: each window hands its gradient to the one cell that won.

        dx[n, c, r, s] = sum of dout[n, c, i, j] over all windows (i, j) whose maximum is the cell (r, s)

    Window (i, j) of image n and channel c holds the cells with

        i*sH - pH <= r < i*sH - pH + kH   and   j*sW - pW <= s < j*sW - pW + kW

    Args:
        dout: (N, C, H', W'), any real dtype and any sign. H' = floor((H + 2*pH - kH) / sH) + 1, W' likewise.
        x: (N, C, H, W), the input of the forward pass, any real dtype. Its values are finite: what NaN or infinity
            gives is left open.
        kernel: size of the window, (kH, kW) or an int.
        stride: distance between two windows, (sH, sW) or an int; None means the kernel's size.
        padding: cells added on each side of an axis in the forward pass, (pH, pW) or an int. They count as minus
            infinity: padding never wins, even where every value of x is negative, and takes no gradient.

    Returns:
        float64 of shape (N, C, H, W).

        Ties: if several cells of a window hold its maximum, exactly, the first of them in row-major order (rows from
        the top, each from left to right) gets the whole gradient and the others get none of it.
        Overlaps: a cell that wins in several windows gets the sum of their gradients.
        A cell that wins nowhere, or that no window reaches, gets 0.

    Example:
        >>> x = np.array([[[[1, 2, 5, 3],
        ...                 [4, 0, 1, 2],
        ...                 [7, 1, 0, 6],
        ...                 [2, 3, 8, 1]]]])
        >>> max_pool2d_backward(np.array([[[[10, 20], [30, 40]]]]), x, 2)
        array([[[[ 0.,  0., 20.,  0.],
                 [10.,  0.,  0.,  0.],
                 [30.,  0.,  0.,  0.],
                 [ 0.,  0., 40.,  0.]]]])
        >>> tied = np.array([[[[5, 5, 1, 6],
        ...                    [5, 5, 6, 0]]]])
        >>> max_pool2d_backward(np.array([[[[10, 20]]]]), tied, 2)
        array([[[[10.,  0.,  0., 20.],
                 [ 0.,  0.,  0.,  0.]]]])
    """
    raise NotImplementedError("pooling_backward: max_pool2d_backward")


def avg_pool2d_backward(
    dout: np.ndarray,
    x_shape: tuple[int, int, int, int],
    kernel: Pair,
    stride: Pair | None = None,
    padding: Pair = 0,
    count_include_pad: bool = True,
) -> np.ndarray:
    """The gradient of average pooling: each window shares its gradient equally among the cells it counted.

        dx[n, c, r, s] = sum of dout[n, c, i, j] / divisor(i, j) over all windows (i, j) that hold the cell (r, s)

    Args:
        dout, kernel, stride, padding: as in `max_pool2d_backward`, with the same windows. Padding holds zeros; the
            share of the gradient that falls on it is lost.
        x_shape: (N, C, H, W), the shape of the forward pass's input.
        count_include_pad: the divisor of the forward pass.

            True:   kH * kW for every window
            False:  the number of the window's cells inside the image, so fewer at a border

    Returns:
        float64 of shape x_shape. A cell that no window reaches gets 0.

    Example:
        Three columns, kernel 2, stride 1, padding 1 along the width only. The windows hold 1, 2, 2 and 1 image cells.

        >>> dout = np.array([[[[2, 4, 6, 8]]]])
        >>> avg_pool2d_backward(dout, (1, 1, 1, 3), (1, 2), stride=1, padding=(0, 1))
        array([[[[3., 5., 7.]]]])
        >>> avg_pool2d_backward(dout, (1, 1, 1, 3), (1, 2), stride=1, padding=(0, 1), count_include_pad=False)
        array([[[[ 4.,  5., 11.]]]])
    """
    raise NotImplementedError("pooling_backward: avg_pool2d_backward")


def global_avg_pool2d_backward(dout: np.ndarray, x_shape: tuple[int, int, int, int]) -> np.ndarray:
    """The gradient of global average pooling: each map shares its one number equally among its cells.

        dx[n, c, r, s] = dout[n, c] / (H * W)

    Args:
        dout: (N, C), any real dtype: the forward pass gave one mean for each image and channel.
        x_shape: (N, C, H, W), the shape of the forward pass's input.

    Returns:
        float64 of shape x_shape.

    Example:
        >>> global_avg_pool2d_backward(np.array([[6, -3]]), (1, 2, 2, 3))
        array([[[[ 1. ,  1. ,  1. ],
                 [ 1. ,  1. ,  1. ]],
        <BLANKLINE>
                [[-0.5, -0.5, -0.5],
                 [-0.5, -0.5, -0.5]]]])
    """
    raise NotImplementedError("pooling_backward: global_avg_pool2d_backward")
