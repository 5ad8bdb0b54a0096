"""The slow and obvious answers, in NumPy loops and float64."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def one_hot(y: list[int], classes: int) -> Array:
    """Labels (N,) as rows (N, K) of one 1."""
    return np.array([[float(k == label) for k in range(classes)] for label in y])


def softmax(row: Array) -> Array:
    """The softmax of one row of scores."""
    powers = [math.exp(score - max(row)) for score in row]
    return np.array([power / sum(powers) for power in powers])


def log_softmax(row: Array) -> Array:
    """The logarithm of the softmax of one row of scores."""
    top = max(row)
    return np.array([score - top - math.log(sum(math.exp(s - top) for s in row)) for score in row])


def soft_cross_entropy(logits: Array, targets: Array) -> float:
    """The mean over rows of minus the target-weighted log-probabilities."""
    return sum(-float(t @ log_softmax(z)) for z, t in zip(logits, targets, strict=True)) / len(logits)


def soft_cross_entropy_gradient(logits: Array, targets: Array) -> Array:
    """Its gradient with respect to the logits."""
    return np.array([(softmax(z) - t) / len(logits) for z, t in zip(logits, targets, strict=True)])


def distillation_loss(student: Array, teacher: Array, y: list[int], temperature: float, alpha: float) -> float:
    """alpha * T² * KL(teacher || student) + (1 - alpha) * cross-entropy."""
    divergence = 0.0
    for s, t in zip(student / temperature, teacher / temperature, strict=True):
        p, log_p, log_q = softmax(t), log_softmax(t), log_softmax(s)
        divergence += sum(p[k] * (log_p[k] - log_q[k]) for k in range(len(p))) / len(student)
    hard = soft_cross_entropy(student, one_hot(y, student.shape[1]))
    return alpha * temperature**2 * divergence + (1 - alpha) * hard


def distillation_gradient(student: Array, teacher: Array, y: list[int], temperature: float, alpha: float) -> Array:
    """Its gradient with respect to the student's logits."""
    rows = []
    for s, t, label in zip(student, teacher, y, strict=True):
        soft = temperature * (softmax(s / temperature) - softmax(t / temperature))
        hard = softmax(s) - one_hot([label], len(s))[0]
        rows.append((alpha * soft + (1 - alpha) * hard) / len(student))
    return np.array(rows)


def interval(length: int, lam: float, centre: int) -> tuple[int, int]:
    """Where a box of rand_box begins and ends on one axis."""
    half = math.floor(length * math.sqrt(1 - lam)) // 2
    inside = [i for i in range(length) if centre - half <= i < centre + half]
    return (inside[0], inside[-1] + 1) if inside else (centre, centre)


def beta_moments(alpha: float) -> tuple[float, float]:
    """The variance of Beta(alpha, alpha) and its fourth central moment; the mean is 1/2."""
    return 1 / (4 * (2 * alpha + 1)), 3 / (16 * (2 * alpha + 1) * (2 * alpha + 3))
