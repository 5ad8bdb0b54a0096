"""What the right answer is: one channel at a time, its mean and variance spelled out, and its whole Jacobian."""

from __future__ import annotations

import numpy as np

Three = tuple[np.ndarray, np.ndarray, np.ndarray]


def batchnorm2d(
    x: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    running_mean: np.ndarray,
    running_var: np.ndarray,
    training: bool,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Three:
    """(out, new_mean, new_var) for ``x`` (N, C, H, W) and five of (C,)."""
    x = x.astype(np.float64)
    out = np.zeros(x.shape)
    new_mean, new_var = np.zeros(len(gamma)), np.zeros(len(gamma))
    for c in range(len(gamma)):
        mean, var, unbiased = _statistics(x[:, c])
        new_mean[c], new_var[c] = running_mean[c], running_var[c]
        if training:
            new_mean[c] += momentum * (mean - running_mean[c])
            new_var[c] += momentum * (unbiased - running_var[c])
        else:
            mean, var = float(running_mean[c]), float(running_var[c])
        out[:, c] = gamma[c] * (x[:, c] - mean) / (var + eps) ** 0.5 + beta[c]
    return out, new_mean, new_var


def batchnorm2d_backward(
    dout: np.ndarray,
    x: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    running_mean: np.ndarray,
    running_var: np.ndarray,
    training: bool,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Three:
    """(dx, dgamma, dbeta) of sum(dout * out); what a channel's outputs owe to its inputs is written out in full."""
    x, dout = x.astype(np.float64), dout.astype(np.float64)
    dx = np.zeros(x.shape)
    dgamma, dbeta = np.zeros(len(gamma)), np.zeros(len(gamma))
    for c in range(len(gamma)):
        values, upstream = x[:, c].ravel(), dout[:, c].ravel()
        mean, var, _ = _statistics(values) if training else (float(running_mean[c]), float(running_var[c]), 0.0)
        root = (var + eps) ** 0.5
        away = values - mean
        # jacobian[i, j]: how the normalised value i moves with the input j.
        jacobian = np.eye(len(values)) / root
        if training:
            jacobian -= 1 / (len(values) * root) + np.outer(away, away) / (len(values) * root**3)
        dx[:, c] = (gamma[c] * upstream @ jacobian).reshape(dx[:, c].shape)
        dgamma[c] = sum(upstream * away / root)
        dbeta[c] = sum(upstream)
    return dx, dgamma, dbeta


def _statistics(values: np.ndarray) -> tuple[float, float, float]:
    """Mean, biased and unbiased variance of all values."""
    m = values.size
    mean = sum(values.ravel()) / m
    squares = sum((value - mean) ** 2 for value in values.ravel())
    return float(mean), float(squares / m), float(squares / max(m - 1, 1))
