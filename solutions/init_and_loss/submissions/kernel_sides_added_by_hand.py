# /// answer
# mistake = "kernel-sides-added"
# title = "the kernel's sides are added"
# hint = "A kernel of 5 by 2 has 10 cells, not 7: multiply its sides."
# points = {fan_in_out = 2.5, he_normal = 9, log_softmax = 10, cross_entropy = 15}
# ///
from __future__ import annotations

import math

import numpy as np


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


def fan_in_out(shape):
    r = sum(shape[2:]) or 1
    return shape[1] * r, shape[0] * r
