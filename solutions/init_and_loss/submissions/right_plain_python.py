# /// answer
# title = "Python numbers only, one by one"
# right = true
# ///
from __future__ import annotations

import math

import numpy as np


def fan_in_out(shape):
    fan_in, fan_out = int(shape[1]), int(shape[0])
    for cells in shape[2:]:
        fan_in *= cells
        fan_out *= cells
    return fan_in, fan_out


def he_normal(shape, rng, mode="fan_in"):
    fan_in, fan_out = fan_in_out(shape)
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(f"mode is fan_in or fan_out, not {mode}")
    sigma = math.sqrt(2 / (fan_in if mode == "fan_in" else fan_out))
    count = math.prod(shape)
    values = [rng.normal(0, sigma) for _ in range(count)]
    return np.array(values).reshape(shape)


def log_softmax(z):
    result = []
    for row in z.tolist():
        biggest = max(row)
        total = 0.0
        for value in row:
            total += math.exp(value - biggest)
        lse = biggest + math.log(total)
        result.append([value - lse for value in row])
    return np.array(result, dtype=float)


def cross_entropy(logits, y, label_smoothing=0.0):
    logp = log_softmax(logits).tolist()
    n, k = len(logp), len(logp[0])
    loss = 0.0
    grad = [[0.0] * k for _ in range(n)]
    for i in range(n):
        for j in range(k):
            t = label_smoothing / k
            if j == y[i]:
                t += 1 - label_smoothing
            loss -= t * logp[i][j]
            grad[i][j] = (math.exp(logp[i][j]) - t) / n
    return loss / n, np.array(grad)
