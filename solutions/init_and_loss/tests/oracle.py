"""Slow, obvious fans and losses: plain numbers, one sample and one class at a time."""

from __future__ import annotations

import math

import numpy as np


def fan_in_out(shape: tuple[int, ...]) -> tuple[int, int]:
    """The weights that touch one output, and those that touch one input, counted one by one."""
    into_first_output = sum(1 for index in np.ndindex(*shape) if index[0] == 0)
    out_of_first_input = sum(1 for index in np.ndindex(*shape) if index[1] == 0)
    return into_first_output, out_of_first_input


def log_softmax(z: np.ndarray) -> np.ndarray:
    """Each score minus the log of the sum of exponentials of its row, measured from the row's largest score."""
    rows = []
    for row in z.tolist():
        top = max(row)
        log_total = math.log(math.fsum(math.exp(v - top) for v in row))
        rows.append([(v - top) - log_total for v in row])
    return np.array(rows, dtype=np.float64)


def cross_entropy(logits: np.ndarray, y: np.ndarray, label_smoothing: float = 0.0) -> tuple[float, np.ndarray]:
    """The mean over samples of the cross-entropy between target and softmax, and its gradient."""
    log_p = log_softmax(logits)
    n, k = log_p.shape
    terms = []
    gradient = np.zeros((n, k))
    for i in range(n):
        for j in range(k):
            hit = 1.0 if j == int(y[i]) else 0.0
            target = (1 - label_smoothing) * hit + label_smoothing / k
            terms.append(-target * float(log_p[i, j]))
            gradient[i, j] = (math.exp(float(log_p[i, j])) - target) / n
    return math.fsum(terms) / n, gradient
