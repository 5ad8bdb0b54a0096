"""Convolution as one matrix product: windows become columns, one product does the sums, and the way back to images.

Letters: N images, C input channels, F filters, H×W the image, kH×kW the kernel, H'×W' the output, L = H'·W' windows.
Results are float64 whatever goes in (integers and float32 too), and no argument is ever changed.
"""

from __future__ import annotations

import numpy as np


def im2col(
    x: np.ndarray,
    kernel: int | tuple[int, int],
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
    dilation: int | tuple[int, int] = 1,
) -> np.ndarray:
    """Write every window that a convolution would look at into a column of its own.

    With p the images after zero padding::

        cols[n, (c*kH + u)*kW + v, i*W' + j] = p[n, c, i*sH + u*dH, j*sW + v*dW]

        H' = floor((H + 2*pH - dH*(kH - 1) - 1) / sH) + 1        W' likewise, with the second of each pair

    So the rows run through channels first, then the kernel's rows, then its columns, the last one fastest, as in
    ``w[f].reshape(-1)``. The columns run through the windows as one reads: left to right, then down. Rows and columns
    of pixels left over at the bottom and at the right, too few for another whole window, appear nowhere.

    Args:
        x: (N, C, H, W), any number type and any memory layout: it may be a transposed or sliced view.
        kernel: rows and columns of the window, an int for both or a pair (height, width).
        stride: rows and columns the window moves by, an int or a pair (height, width).
        padding: rows of zeros above and below, and columns left and right; an int or a pair (height, width).
        dilation: distance between neighbouring taps of the kernel, an int or a pair (height, width); 1 leaves no
            gaps.

    Returns:
        (N, C*kH*kW, H'*W'), float64, integers in or not. Always an array of its own that can be written to: a write
        changes one entry, and never ``x``, even where a view of ``x`` would have the right values (a 1×1 kernel).
        ``x`` itself is not changed.

    Example, one image of one channel under a 2×2 kernel, two windows::

        x = [[1, 2, 3],      cols[0] = [[1, 2],      top left of each window
             [4, 5, 6]]                 [2, 3],      top right
                                        [4, 5],      bottom left
                                        [5, 6]]      bottom right
    """
    ### BEGIN SOLUTION
    n, c = x.shape[:2]
    padded = np.pad(x, _border(padding))
    taps, h_out, w_out = _taps(x.shape, kernel, stride, padding, dilation)
    cols = np.empty((n, c, len(taps), h_out, w_out))
    for number, (rows, columns) in enumerate(taps):
        cols[:, :, number] = padded[:, :, rows, columns]
    return cols.reshape(n, c * len(taps), h_out * w_out)
    ### END SOLUTION


def col2im(
    cols: np.ndarray,
    x_shape: tuple[int, int, int, int],
    kernel: int | tuple[int, int],
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
    dilation: int | tuple[int, int] = 1,
) -> np.ndarray:
    """Send every entry of ``cols`` back to the pixel that ``im2col`` would have read it from, and sum there.

    It is the transpose of ``im2col``, not its inverse: a pixel that k windows share gets the sum of k entries, one
    that no window reads gets 0. For each n, c, u, v, i, j, with p all zeros and of the padded size::

        p[n, c, i*sH + u*dH, j*sW + v*dW] += cols[n, (c*kH + u)*kW + v, i*W' + j]

    and then the pH rows and pW columns of padding are cut off again on each side, with whatever was sent there.

    Args:
        cols: (N, C*kH*kW, H'*W'), any number type and memory layout; rows and columns in the order of ``im2col``.
        x_shape: (N, C, H, W), the shape of the images *before* padding.
        kernel: rows and columns of the window, an int for both or a pair (height, width).
        stride: rows and columns the window moves by, an int or a pair (height, width).
        padding: rows and columns of zeros ``im2col`` put on each side, an int or a pair (height, width).
        dilation: distance between neighbouring taps of the kernel, an int or a pair (height, width).

    Returns:
        ``x_shape``, float64, integers in or not. ``cols`` is not changed.

    Example, the columns of ``im2col``'s example sent back to x_shape (1, 1, 2, 3) under a 2×2 kernel; both windows
    saw the middle column, so it comes back twice::

        cols[0] = [[1, 2],      x[0, 0] = [[1,  4, 3],      4 = 2 + 2
                   [2, 3],                 [4, 10, 6]]     10 = 5 + 5
                   [4, 5],
                   [5, 6]]
    """
    ### BEGIN SOLUTION
    n, c, h, w = x_shape
    p_h, p_w = _pair(padding)
    taps, h_out, w_out = _taps(x_shape, kernel, stride, padding, dilation)
    blocks = cols.reshape(n, c, len(taps), h_out, w_out)
    padded = np.pad(np.zeros(x_shape), _border(padding))
    # Within one tap no pixel occurs twice, so += on a slice loses nothing; different taps meet, and add up.
    for number, (rows, columns) in enumerate(taps):
        padded[:, :, rows, columns] += blocks[:, :, number]
    return padded[:, :, p_h : p_h + h, p_w : p_w + w]
    ### END SOLUTION


def conv2d_im2col(
    x: np.ndarray,
    w: np.ndarray,
    b: np.ndarray | None = None,
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
    dilation: int | tuple[int, int] = 1,
) -> np.ndarray:
    """The convolution layer of the topic before, fast: the same arguments and the same result.

    ::

        y[n, f, i, j] = b[f] + sum over c, u, v of  w[f, c, u, v] * p[n, c, i*sH + u*dH, j*sW + v*dW]

    with p the images after zero padding, and H' and W' as in ``im2col``. The kernel is not flipped. For each image
    this is a product of two matrices, ``w.reshape(F, C*kH*kW)`` and the image's columns.

    Speed counts: one check times it against ``slow_conv2d`` of ``support.py``, three 4-channel 13×18 images under eight
    3×3 filters, and it must take at most a tenth of that time. A loop over the images or over the kernel's taps is
    fast enough; loops over images, filters and output pixels are not. Whether you call your ``im2col`` is up to you.

    Args:
        x: (N, C, H, W), any number type and memory layout.
        w: (F, C, kH, kW), one kernel of C channels for each filter; kH and kW may differ. Any memory layout.
        b: (F,), one number added to every pixel of that filter's map, or None for no bias.
        stride: rows and columns the window moves by, an int for both or a pair (height, width).
        padding: rows of zeros above and below, and columns left and right; an int or a pair (height, width).
        dilation: distance between neighbouring taps of the kernel, an int or a pair (height, width).

    Returns:
        (N, F, H', W'), float64, integers in or not. No argument is changed.

    Example, the image of ``im2col``'s example as (1, 1, 2, 3) under one 2×2 filter::

        w[0, 0] = [[1,  2],      w.reshape(1, 4) @ cols[0] = [1, 2, 0, -1] @ cols[0] = [0, 2]
                   [0, -1]]      y[0, 0] = [[0, 2]]          0 = 1*1 + 2*2 + 0*4 - 1*5
    """
    ### BEGIN SOLUTION
    f, c, k_h, k_w = w.shape
    _, h_out, w_out = _taps(x.shape, (k_h, k_w), stride, padding, dilation)
    # (F, K) @ (N, K, L): one product of matrices for each image.
    y: np.ndarray = w.reshape(f, c * k_h * k_w) @ im2col(x, (k_h, k_w), stride, padding, dilation)
    if b is not None:
        y += b.reshape(f, 1)  # the filter axis: a bare `+ b` would run along the windows
    return y.reshape(len(x), f, h_out, w_out)
    ### END SOLUTION


### BEGIN SOLUTION
def _pair(value: int | tuple[int, int]) -> tuple[int, int]:
    return value if isinstance(value, tuple) else (value, value)


def _border(padding: int | tuple[int, int]) -> tuple[tuple[int, int], ...]:
    p_h, p_w = _pair(padding)
    return (0, 0), (0, 0), (p_h, p_h), (p_w, p_w)


def _taps(
    x_shape: tuple[int, ...],
    kernel: int | tuple[int, int],
    stride: int | tuple[int, int],
    padding: int | tuple[int, int],
    dilation: int | tuple[int, int],
) -> tuple[list[tuple[slice, slice]], int, int]:
    """For each tap of the kernel the pixels it reads in the padded image, then H' and W'."""
    axes = zip(x_shape[2:], _pair(kernel), _pair(stride), _pair(padding), _pair(dilation), strict=True)
    slices: list[list[slice]] = []
    sizes: list[int] = []
    for n, k, s, p, d in axes:
        size = (n + 2 * p - d * (k - 1) - 1) // s + 1
        slices.append([slice(tap * d, tap * d + s * (size - 1) + 1, s) for tap in range(k)])
        sizes.append(size)
    return [(rows, columns) for rows in slices[0] for columns in slices[1]], sizes[0], sizes[1]


### END SOLUTION
