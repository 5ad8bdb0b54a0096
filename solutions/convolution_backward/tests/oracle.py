"""What the right answer is: the chain rule, one product at a time. Slow, obvious, float64."""

from __future__ import annotations

import numpy as np

Pair = int | tuple[int, int]


def out_size(n: int, k: int, s: int, p: int, d: int) -> int:
    """How many windows of ``k`` taps fit along an axis of length ``n``."""
    return (n + 2 * p - d * (k - 1) - 1) // s + 1


def conv2d_backward(
    dout: np.ndarray, x: np.ndarray, w: np.ndarray, stride: Pair = 1, padding: Pair = 0, dilation: Pair = 1
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(dx, dw, db): every product w·x of the forward pass hands its share of ``dout`` to both its factors."""
    (s_h, s_w), (p_h, p_w), (d_h, d_w) = _pair(stride), _pair(padding), _pair(dilation)
    x, w = x.astype(np.float64), w.astype(np.float64)
    height, width = x.shape[2:]
    k_h, k_w = w.shape[2:]
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros(w.shape[0])
    for n, f, i, j in np.ndindex(dout.shape):
        g = float(dout[n, f, i, j])
        db[f] += g
        for u, v in np.ndindex(k_h, k_w):
            row, column = i * s_h + u * d_h - p_h, j * s_w + v * d_w - p_w
            if 0 <= row < height and 0 <= column < width:
                dx[n, :, row, column] += g * w[f, :, u, v]  # all channels at once
                dw[f, :, u, v] += g * x[n, :, row, column]
    return dx, dw, db


def numerical_grad(x: np.ndarray, weights: np.ndarray, eps: float) -> np.ndarray:
    """The central difference of ``sum(weights * x**3) + sum(weights * x)**2``, worked out by algebra.

    ((a+e)³ - (a-e)³) / 2e = 3a² + e², and ((L+we)² - (L-we)²) / 2e = 2wL: no subtraction of close numbers.
    """
    x, weights = x.astype(np.float64), weights.astype(np.float64)
    grad: np.ndarray = weights * (3 * x**2 + eps**2) + 2 * weights * np.sum(weights * x)
    return grad


def rel_error(a: np.ndarray, b: np.ndarray) -> float:
    """The largest of the relative differences."""
    pairs = zip(a.ravel().tolist(), b.ravel().tolist(), strict=True)
    return max(float(abs(p - q) / max(1e-8, abs(p) + abs(q))) for p, q in pairs)


def _pair(value: Pair) -> tuple[int, int]:
    return (value, value) if isinstance(value, int) else value
