"""Calls that can't be made from outside: functions and non-contiguous arrays don't cross. No expected values here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    # The global name `submission` is set when this file is loaded: it is the student's module.
    import convolution_backward as submission


def on_transposed(dout: np.ndarray, x: np.ndarray, w: np.ndarray, **options: Any) -> Any:
    """conv2d_backward on views with all axes reversed: the arguments come in reversed order of axes."""
    return submission.conv2d_backward(dout.T, x.T, w.T, **options)


def on_slices(dout: np.ndarray, x: np.ndarray, w: np.ndarray, **options: Any) -> Any:
    """conv2d_backward on every other column, backwards, of arrays that are twice as wide."""
    return submission.conv2d_backward(dout[..., ::-2], x[..., ::-2], w[..., ::-2], **options)


def on_stretched(dout: np.ndarray, x: np.ndarray, w: np.ndarray, columns: int, **options: Any) -> Any:
    """conv2d_backward when dout (one column) is stretched to `columns` without being copied: stride 0, read-only."""
    stretched = np.broadcast_to(dout, (*dout.shape[:3], columns))
    return submission.conv2d_backward(stretched, x, w, **options)


def gradient(
    x: np.ndarray, weights: np.ndarray, eps: float | None = None, transposed: bool = False
) -> tuple[Any, np.ndarray, float]:
    """numerical_grad of `sum(weights * a**3) + sum(weights * a)**2` at `x`, or at the view `x.T`.

    Returns what it gave, x as it is afterwards, and how far from x any element of f's argument ever was.
    """
    if transposed:
        x, weights = x.T, weights.T
    start = x.astype(np.float64)
    reach = 0.0

    def f(a: np.ndarray) -> float:
        nonlocal reach
        reach = max(reach, float(np.max(np.abs(a - start))))
        return float(np.sum(weights * a**3) + np.sum(weights * a) ** 2)

    value = submission.numerical_grad(f, x) if eps is None else submission.numerical_grad(f, x, eps)
    return value, x, reach
