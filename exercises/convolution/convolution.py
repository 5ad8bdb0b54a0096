"""Convolution, the naive way: pad an image, slide one kernel over it, then build the layer with everything it needs.

Letters: N images, C input channels, F filters, H×W the image, kH×kW the kernel, H'×W' the output.
Results are float64 whatever goes in (integers and float32 too), and no argument is ever changed.
"""

from __future__ import annotations

import numpy as np


def pad2d(x: np.ndarray, pad: tuple[int, int, int, int], value: float = 0.0) -> np.ndarray:
    """Put a border of ``value`` around every image and every channel.

    Args:
        x: (N, C, H, W), any number type.
        pad: how many rows or columns to add, (top, bottom, left, right), each 0 or more.
        value: what the border holds; any float, minus infinity included (max pooling will want it).

    Returns:
        (N, C, top + H + bottom, left + W + right), float64: integers padded with 0.5 give 0.5, not 0.
        The batch and channel axes keep their lengths. ``x`` itself is not changed.

    Example, one row above and two columns to the right::

        pad2d([[[[1, 2],          [[[[0, 0, 0, 0],
                 [3, 4]]]],   =      [1, 2, 0, 0],
              (1, 0, 0, 2))          [3, 4, 0, 0]]]]
    """
    raise NotImplementedError("convolution: pad2d")


def cross_correlate2d(img: np.ndarray, k: np.ndarray) -> np.ndarray:
    """Slide one kernel over one image: at each place, multiply the window by the kernel and sum.

    ::

        out[i, j] = sum over u, v of img[i + u, j + v] * k[u, v]

    The kernel is used as it is, not flipped, and only where it fits inside the image: no padding, steps of one.

    Args:
        img: (H, W), any number type.
        k: (kH, kW), not larger than ``img``; it need not be square.

    Returns:
        (H - kH + 1, W - kW + 1), float64, integers in or not. Neither argument is changed.

    Example::

        img = [[1, 2, 0, 1],      k = [[1,  2],      out = [[4, -1, 1],
               [0, 1, 3, 1],           [0, -1]]             [2,  6, 3]]
               [2, 0, 1, 2]]

        out[0, 0] = 1*1 + 2*2 + 0*0 + 1*(-1) = 4
    """
    raise NotImplementedError("convolution: cross_correlate2d")


def conv2d(
    x: np.ndarray,
    w: np.ndarray,
    b: np.ndarray | None = None,
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
    dilation: int | tuple[int, int] = 1,
) -> np.ndarray:
    """The forward pass of a convolution layer: a batch of images, several channels, several filters.

    With p the image after zero padding::

        y[n, f, i, j] = b[f] + sum over c, u, v of  w[f, c, u, v] * p[n, c, i*sH + u*dH, j*sW + v*dW]

        H' = floor((H + 2*pH - dH*(kH - 1) - 1) / sH) + 1        W' likewise, with the second of each pair

    As in every deep-learning library the kernel is not flipped. A filter sums over all C channels. Rows and columns
    left over at the bottom and at the right, too few for another whole window, are ignored.

    Args:
        x: (N, C, H, W), any number type.
        w: (F, C, kH, kW), one kernel of C channels for each filter; kH and kW may differ.
        b: (F,), one number added to every pixel of that filter's map, or None for no bias.
        stride: rows and columns the window moves by, an int for both or a pair (height, width).
        padding: rows of zeros above and below, and columns left and right; an int or a pair (height, width).
        dilation: distance between neighbouring taps of the kernel, an int or a pair (height, width); 1 leaves no
            gaps. Taps d apart make a kernel of k taps cover d*(k - 1) + 1 pixels.

    Returns:
        (N, F, H', W'), float64, integers in or not. No argument is changed.

    Example, the image and the kernel of ``cross_correlate2d`` as (1, 1, 3, 4) and (1, 1, 2, 2)::

        stride=(1, 2), padding=(0, 1)

        p = [[0, 1, 2, 0, 1, 0],      y[0, 0] = [[ 2, -1, 1],      H' = (3 + 0 - 1 - 1) / 1 + 1 = 2
             [0, 0, 1, 3, 1, 0],                 [-2,  6, 1]]      W' = (4 + 2 - 1 - 1) / 2 + 1 = 3
             [0, 2, 0, 1, 2, 0]]
    """
    raise NotImplementedError("convolution: conv2d")
