# /// answer
# mistake = "log-of-p-plus-small"
# title = "a small number keeps the logarithm from minus infinity"
# hint = "log(p + 1e-8), or p clipped at 1e-8, can't go below -18.4, whatever the scores say. Subtract logarithms instead of dividing: log_softmax."
# points = {fan_in_out = 8, he_normal = 12, log_softmax = 7.5, cross_entropy = 14.25}
# ///
import numpy as np
from math import prod, sqrt


def fan_in_out(shape):
    cells = prod(shape[2:])
    return shape[1] * cells, shape[0] * cells


def he_normal(shape, rng, mode="fan_in"):
    ins, outs = fan_in_out(shape)
    return rng.normal(0.0, sqrt(2.0 / {"fan_in": ins, "fan_out": outs}[mode]), size=shape)


def log_softmax(z):
    z = np.array(z, dtype=np.float64)
    top = z.max(axis=1)
    rest = z - top[:, np.newaxis]
    e = np.exp(rest)
    return np.log(e / e.sum(axis=1)[:, np.newaxis] + 1e-12)


def cross_entropy(logits, y, label_smoothing=0.0):
    logp = log_softmax(logits)
    count, classes = logp.shape
    target = np.full((count, classes), label_smoothing / classes)
    for row, label in enumerate(y):
        target[row, label] += 1 - label_smoothing
    loss = -np.sum(target * logp) / count
    return float(loss), (np.exp(logp) - target) / count
