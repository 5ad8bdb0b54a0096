"""Pooling: fewer pixels, the same channels.

Everywhere below, x has shape (N, C, H, W): images, channels, rows, columns. Pooling treats every image and every
channel on its own. `kernel`, `stride`, `padding` and `output_size` are an int, which serves both axes, or a pair
(height, width). Results are float64 whatever the dtype of x (integers and float32 included), and x is never changed.
"""

from __future__ import annotations

import numpy as np

Pair = int | tuple[int, int]


def _pair(value: Pair) -> tuple[int, int]:
    """`value` as (height, width): 3 becomes (3, 3), a pair stays as it is. Yours to use."""
    return (value, value) if isinstance(value, int) else (value[0], value[1])


def max_pool2d(
    x: np.ndarray, kernel: Pair, stride: Pair | None = None, padding: Pair = 0, ceil_mode: bool = False
) -> np.ndarray:
    """The largest value of each window.

        y[n, c, i, j] = max of x[n, c, r, s]  for  i*sH - pH <= r < i*sH - pH + kH
                                              and  j*sW - pW <= s < j*sW - pW + kW

    Args:
        x: (N, C, H, W), any real dtype.
        kernel: size of the window, (kH, kW) or an int.
        stride: distance between two windows, (sH, sW) or an int; None means the kernel's size.
        padding: cells added on each side of an axis, (pH, pW) or an int. They count as minus infinity:
            padding never wins, even where every value of x is negative.
        ceil_mode: how to round the output's size.

    Returns:
        float64 of shape (N, C, H', W'). On each axis, with n cells, kernel k, stride s and padding p:

            False:  floor((n + 2p - k) / s) + 1        cells left over at the end are ignored
            True:   ceil((n + 2p - k) / s) + 1         the last window may overhang the end,
                    but one less if (that - 1) * s >= n + p: the last window must start inside
                    the image or the padding before it, never in the padding after it

        Cells of a window beyond the padded image count as minus infinity, too. A window that holds NaN gives NaN;
        the other windows are not affected.

    Raises:
        ValueError: padding is larger than half the kernel on any axis (2p > k); exactly half is allowed.

    Example:
        >>> x = np.array([[[[1, 2, 5, 3],
        ...                 [4, 0, 1, 2],
        ...                 [7, 1, 0, 6],
        ...                 [2, 3, 8, 1]]]])
        >>> max_pool2d(x, 2)
        array([[[[4., 5.],
                 [7., 8.]]]])
    """
    raise NotImplementedError("pooling: max_pool2d")


def avg_pool2d(
    x: np.ndarray,
    kernel: Pair,
    stride: Pair | None = None,
    padding: Pair = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> np.ndarray:
    """The mean of each window.

        y[n, c, i, j] = (sum of the image cells in the window) / (number of cells that count)

    Args:
        x, kernel, stride, padding, ceil_mode: as in `max_pool2d`, with the same windows and the same output size.
            Padding holds zeros.
        count_include_pad: which cells of a window count in the divisor.

            True:   those inside the padded image, whose rows reach from -pH to H + pH (columns likewise)
            False:  those inside the image itself

            Cells of an overhanging window (ceil_mode) beyond the padded image never count.

    Returns:
        float64 of shape (N, C, H', W'), H' and W' as in `max_pool2d`. A window that holds NaN gives NaN.

    Raises:
        ValueError: padding is larger than half the kernel on any axis (2p > k); exactly half is allowed.

    Example:
        The first row is 4/9, 6/9, 2/6: the windows hold 4, 6 and 2 ones; the last one overhangs and keeps 3 x 2 cells.

        >>> ones = np.ones((1, 1, 4, 4))
        >>> avg_pool2d(ones, 3, stride=2, padding=1, ceil_mode=True).round(3)
        array([[[[0.444, 0.667, 0.333],
                 [0.667, 1.   , 0.5  ],
                 [0.333, 0.5  , 0.25 ]]]])
        >>> avg_pool2d(ones, 3, stride=2, padding=1, count_include_pad=False)
        array([[[[1., 1.],
                 [1., 1.]]]])
    """
    raise NotImplementedError("pooling: avg_pool2d")


def global_avg_pool2d(x: np.ndarray) -> np.ndarray:
    """The mean over all rows and columns: one number for each image and channel.

        y[n, c] = mean of x[n, c, :, :]

    Args:
        x: (N, C, H, W), any real dtype.

    Returns:
        float64 of shape (N, C), whatever H and W are. A map that holds NaN gives NaN.

    Example:
        >>> global_avg_pool2d(np.array([[[[1, 2], [3, 6]],
        ...                              [[0, 0], [0, 2]]]]))
        array([[3. , 0.5]])
    """
    raise NotImplementedError("pooling: global_avg_pool2d")


def adaptive_avg_pool2d(x: np.ndarray, output_size: Pair) -> np.ndarray:
    """Average pooling that is told the size of its output and chooses the windows itself.

    With n cells and o outputs on an axis, output i is the mean of the cells

        floor(i * n / o) <= r < ceil((i + 1) * n / o)

    so windows may overlap and may differ in length by one: 5 to 3 gives [0, 2), [1, 4), [3, 5). An output larger than
    the image follows the same formula: 2 to 3 gives [0, 1), [0, 2), [1, 2). The two axes are independent; the mean
    runs over the rectangle of rows and columns.

    Args:
        x: (N, C, H, W), any real dtype.
        output_size: (H', W'), or an int for a square output. Smaller than, equal to or larger than (H, W).

    Returns:
        float64 of shape (N, C, H', W'). A window that holds NaN gives NaN.

    Example:
        >>> adaptive_avg_pool2d(np.array([[[[1, 3, 2, 4, 8]]]]), (1, 3))
        array([[[[2., 3., 6.]]]])
        >>> adaptive_avg_pool2d(np.array([[[[2, 6]]]]), (1, 3))
        array([[[[2., 4., 6.]]]])
    """
    raise NotImplementedError("pooling: adaptive_avg_pool2d")
