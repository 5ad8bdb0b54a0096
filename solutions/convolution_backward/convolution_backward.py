"""Convolution, backwards: the three gradients of the layer, and the two tools that show whether they are right.

Letters: N images, C input channels, F filters, H×W the image, kH×kW the kernel, H'×W' the output.
Results are float64 whatever goes in (integers and float32 too), and no argument is ever changed.
The forward pass is given, for trying things out: ``from support import conv2d``.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np


def conv2d_backward(
    dout: np.ndarray,
    x: np.ndarray,
    w: np.ndarray,
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
    dilation: int | tuple[int, int] = 1,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The gradients of a convolution layer with respect to its input, its weights and its bias.

    The forward pass was, with p the image after zero padding and the kernel not flipped::

        y[n, f, i, j] = b[f] + sum over c, u, v of  w[f, c, u, v] * p[n, c, i*sH + u*dH, j*sW + v*dW]

    ``dout`` says how much a loss L grows with each element of y. Wanted is how much it grows with each element of
    x, w and b::

        dp[n, c, i*sH + u*dH, j*sW + v*dW]  +=  dout[n, f, i, j] * w[f, c, u, v]      for all n, f, i, j, c, u, v
        dw[f, c, u, v]                      +=  dout[n, f, i, j] * p[n, c, i*sH + u*dH, j*sW + v*dW]
        db[f]                               +=  dout[n, f, i, j]

    and dx is dp without the padding. They are sums, over the images too: nothing is averaged. A pixel under several
    windows collects from all of them; a pixel under none (left over by the stride, or between the taps) gets 0.

    Args:
        dout: (N, F, H', W'), the gradient of the loss with respect to the output; H' and W' are those that the
            forward pass gives for this ``x``, ``w`` and options.
        x: (N, C, H, W), the input of the forward pass, without padding.
        w: (F, C, kH, kW), the weights; kH and kW may differ.
        stride: as in the forward pass, an int for both axes or a pair (height, width).
        padding: rows of zeros that were added above and below, and columns left and right; an int or a pair.
        dilation: distance between neighbouring taps of the kernel, an int or a pair; 1 leaves no gaps.

    Arrays may be of any number type and any memory layout (transposed or sliced views, read-only ones).

    Returns:
        The tuple (dx, dw, db) of float64 arrays with the shapes of x, of w, and (F,), integers in or not. They are
        computed by the formulas above: a time limit keeps ``numerical_grad`` from doing the work. No argument is
        changed.

    Example, one image, one channel, one filter, stride=(1, 2), padding=(0, 1)::

        x = [[1, 2, 0, 1],    w = [[1,  2],    dout = [[1,  0, 2],
             [0, 1, 3, 1],         [0, -1]]            [3, -1, 0]]
             [2, 0, 1, 2]]

        dx = [[ 2,  0,  0, 2],    dw = [[1, -2],    db = [5]
              [ 5, -1, -2, 0],          [2,  5]]
              [-3,  0,  1, 0]]
    """
    ### BEGIN SOLUTION
    s_h, s_w = stride if isinstance(stride, tuple) else (stride, stride)
    p_h, p_w = padding if isinstance(padding, tuple) else (padding, padding)
    d_h, d_w = dilation if isinstance(dilation, tuple) else (dilation, dilation)

    dout, x, w = (a.astype(np.float64) for a in (dout, x, w))
    height, width = x.shape[2:]
    h_out, w_out = dout.shape[2:]
    padded = np.pad(x, ((0, 0), (0, 0), (p_h, p_h), (p_w, p_w)))
    d_padded = np.zeros(padded.shape)
    dw = np.zeros(w.shape)
    for u, v in np.ndindex(w.shape[2:]):
        # The pixels that this tap meets, one for each output position: none of them twice, so += is safe.
        rows = slice(u * d_h, u * d_h + s_h * (h_out - 1) + 1, s_h)
        cols = slice(v * d_w, v * d_w + s_w * (w_out - 1) + 1, s_w)
        d_padded[:, :, rows, cols] += np.einsum("nfij,fc->ncij", dout, w[:, :, u, v])
        dw[:, :, u, v] = np.einsum("nfij,ncij->fc", dout, padded[:, :, rows, cols])
    dx = d_padded[:, :, p_h : p_h + height, p_w : p_w + width]
    return dx, dw, dout.sum(axis=(0, 2, 3))
    ### END SOLUTION


def numerical_grad(f: Callable[[np.ndarray], float], x: np.ndarray, eps: float = 1e-5) -> np.ndarray:
    """The gradient of ``f`` at ``x`` by central differences, one element at a time.

    ::

        grad[i] = (f(x with x[i] + eps) - f(x with x[i] - eps)) / (2 * eps)      for every index i of x

    Only the element i is moved; all others stand at their values in x. This is slow (two calls of f for each element)
    and needs no derivation: the tool to check one with.

    Args:
        f: takes one float64 array of x's shape and returns a float. You may hand it x itself, changed in place, or a
            copy; it neither changes nor keeps what it is given.
        x: any shape with at least one axis, any number type, any memory layout (a transposed view, say). In an
            integer array eps would be lost, and in a float32 one most of it: the steps are taken in float64.
        eps: how far each element is moved, up and down.

    Returns:
        float64 array of x's shape. When the function returns, x holds the values it had before.

    Example, f(a) = sum(a**3) at x = [1, 2] with eps = 1::

        grad[0] = ((2**3 + 2**3) - (0**3 + 2**3)) / 2 = 4
        grad[1] = ((1**3 + 3**3) - (1**3 + 1**3)) / 2 = 13        (eps = 1e-5 comes close to the true 3 and 12)
    """
    ### BEGIN SOLUTION
    point = x.astype(np.float64)
    grad = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        value = point[index]
        point[index] = value + eps
        above = f(point)
        point[index] = value - eps
        below = f(point)
        point[index] = value
        grad[index] = (above - below) / (2 * eps)
    return grad
    ### END SOLUTION


def rel_error(a: np.ndarray, b: np.ndarray) -> float:
    """The largest relative difference between two arrays: how far two gradients disagree, whatever their scale.

    ::

        max over all elements of   abs(a - b) / max(1e-8, abs(a) + abs(b))

    The ratio is formed for each pair of elements; then comes the largest. Two zeros give 0 (that is what the 1e-8 is
    for), two numbers of opposite sign give 1.

    Args:
        a, b: arrays of the same shape, any number type; the differences are taken in float64.

    Returns:
        A float, 0 or more. Neither argument is changed.

    Example::

        rel_error([1, 2, 4], [1, 3, 4]) = abs(2 - 3) / (2 + 3) = 0.2          (for arrays of these numbers)
    """
    ### BEGIN SOLUTION
    a, b = a.astype(np.float64), b.astype(np.float64)
    return float(np.max(np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b))))
    ### END SOLUTION
