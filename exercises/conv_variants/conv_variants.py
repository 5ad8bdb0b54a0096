"""Grouped, depthwise and 1×1 convolutions: the same sliding window with fewer connections between the channels.

Letters: N images, C input channels, F filters, G groups, H×W the image, kH×kW the kernel, H'×W' the output.
Results are float64 whatever goes in (integers and float32 too), and no argument is ever changed. Convert before you
multiply: in uint8, 200 * 2 is 144.
A pair is (height, width). As in every deep-learning library, no kernel is flipped. There is no dilation here.
"""

from __future__ import annotations

import numpy as np


def conv2d_grouped(
    x: np.ndarray,
    w: np.ndarray,
    b: np.ndarray | None = None,
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
    groups: int = 1,
) -> np.ndarray:
    """A convolution layer whose channels are cut into G groups that never see each other.

    Group g reads the C/G neighbouring channels from g*C/G on and makes the F/G neighbouring maps from g*F/G on.
    With p the image after zero padding and g = f // (F/G), the group of filter f::

        y[n, f, i, j] = b[f] + sum over c < C/G, u, v of  w[f, c, u, v] * p[n, g*C/G + c, i*sH + u, j*sW + v]

        H' = floor((H + 2*pH - kH) / sH) + 1             W' likewise, with the second of each pair

    One group is the ordinary layer. Rows and columns left over at the end, too few for a window, are ignored.

    Args:
        x: (N, C, H, W), any number type.
        w: (F, C/G, kH, kW): a filter has kernels for the channels of its own group only; kH and kW may differ.
        b: (F,), one number for each filter (not for each group), or None for no bias.
        stride: rows and columns the window moves by, an int for both or a pair (height, width).
        padding: rows of zeros above and below, and columns left and right; an int or a pair (height, width).
        groups: G, at least 1. It must divide C and it must divide F; if either fails, ``ValueError``.

    Returns:
        (N, F, H', W'), float64, integers in or not. No argument is changed.

    Example, four channels of one row in two groups, two filters with a 1×2 kernel::

        x[0] = [[[1, 2,  3]],      w = [[[[1, -1]], [[2, 0]]],      y[0] = [[[-1,  1]],
                [[0, 1,  0]],           [[[1,  1]], [[0, 3]]]]              [[ 7, -2]]]
                [[4, 0,  1]],
                [[1, 1, -1]]]      y[0, 1, 0, 0] = 4*1 + 0*1 + 1*0 + 1*3 = 7: channels 2 and 3
    """
    raise NotImplementedError("conv_variants: conv2d_grouped")


def pointwise_conv(x: np.ndarray, w: np.ndarray, b: np.ndarray | None = None) -> np.ndarray:
    """A 1×1 convolution: at every pixel, the same matrix turns C channel values into F.

    ::

        y[n, f, i, j] = b[f] + sum over c of  w[f, c] * x[n, c, i, j]

    Args:
        x: (N, C, H, W), any number type.
        w: (F, C): the 1×1 kernels without their two axes of length 1.
        b: (F,), one number for each filter, or None for no bias.

    Returns:
        (N, F, H, W), float64, integers in or not. No argument is changed.

    Example, one row of three pixels with two channels::

        x[0] = [[[1, 2,  3]],      w = [[1,  1],      b = [0, 10, 20]      y[0] = [[[ 1,  3,  2]],
                [[0, 1, -1]]]           [2,  0],                                   [[12, 14, 16]],
                                        [0, -1]]                                   [[20, 19, 21]]]
    """
    raise NotImplementedError("conv_variants: pointwise_conv")


def depthwise_conv2d(
    x: np.ndarray,
    w: np.ndarray,
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
) -> np.ndarray:
    """Filter every channel by itself, with m kernels each: the grouped layer with as many groups as channels.

    ::

        y[n, c*m + j] = channel c of image n under kernel w[c*m + j, 0],     j = 0 … m - 1

    so the m maps of one channel are neighbours. Output size, stride and padding are those of ``conv2d_grouped``.

    Args:
        x: (N, C, H, W), any number type.
        w: (C*m, 1, kH, kW); m is at least 1, and kH and kW may differ.
        stride: rows and columns the window moves by, an int for both or a pair (height, width).
        padding: rows of zeros above and below, and columns left and right; an int or a pair (height, width).

    Returns:
        (N, C*m, H', W'), float64, integers in or not. No argument is changed.

    Example, two channels with two kernels each (C = 2, m = 2)::

        x[0] = [[[1, 2],      w = [[[[ 1, 0]]],      y[0] = [[[ 1], [ 3]],      channel 0
                 [3, 4]],          [[[ 0, 1]]],              [[ 2], [ 4]],      channel 0
                [[5, 6],           [[[ 1, 1]]],              [[11], [15]],      channel 1
                 [7, 8]]]          [[[-1, 1]]]]              [[ 1], [ 1]]]      channel 1
    """
    raise NotImplementedError("conv_variants: depthwise_conv2d")


def depthwise_separable(
    x: np.ndarray,
    dw: np.ndarray,
    pw: np.ndarray,
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
) -> np.ndarray:
    """A depthwise convolution followed by a pointwise one, with nothing in between: no bias, no ReLU.

    Stride and padding belong to the depthwise step; the pointwise step changes neither height nor width.

    Args:
        x: (N, C, H, W), any number type.
        dw: (C, 1, k, k), one square kernel for each channel.
        pw: (F, C), the weights of the 1×1 convolution.
        stride: of the depthwise step, an int or a pair (height, width).
        padding: of the depthwise step, rows and columns of zeros on either side; an int or a pair (height, width).

    Returns:
        (N, F, H', W'), float64, integers in or not. No argument is changed.

    Example::

        x[0] = [[[1, 2, 0],     dw = [[[[1,  2],      depthwise = [[[4, -1],     pw = [[1,  1],     y[0] = [[[6, -1],
                 [0, 1, 3],            [0, -1]]],                   [2,  6]],          [2, -1]]             [2, 11]],
                 [2, 0, 1]],         [[[0,  1],                    [[2,  0],                               [[6, -2],
                [[0, 1, 0],            [1,  0]]]]                   [0,  5]]]                               [4,  7]]]
                 [1, 0, 2],
                 [0, 3, 0]]]
    """
    raise NotImplementedError("conv_variants: depthwise_separable")


def separable_ratio(c_out: int, k: int) -> float:
    """What a depthwise separable layer costs, as a share of a standard layer: 1/c_out + 1/k².

    Both are counted in multiplications (or in weights without biases: the ratio is the same), for a k×k kernel and
    c_out filters. The number of input channels and the size of the image cancel.

    Args:
        c_out: number of filters, at least 1.
        k: side of the square kernel, at least 1.

    Returns:
        A float; it is larger than 1 where separating does not pay.

    Example::

        separable_ratio(4, 5) = 1/4 + 1/25 = 0.29
    """
    raise NotImplementedError("conv_variants: separable_ratio")
