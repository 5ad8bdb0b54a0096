# /// answer
# mistake = "log-softmax-dtype-kept"
# title = "the result has the dtype of the scores"
# hint = "Results are float64 whatever the dtype of z: np.zeros_like of integers holds integers."
# points = {fan_in_out = 8, he_normal = 12, log_softmax = 9, cross_entropy = 15}
# ///
import math

import numpy as np


def fan_in_out(shape):
    receptive = 1
    if len(shape) > 2:
        receptive = int(np.prod(shape[2:]))
    fan_in = shape[1] * receptive
    fan_out = shape[0] * receptive
    return (fan_in, fan_out)


def he_normal(shape, rng, mode="fan_in"):
    fans = dict(zip(("fan_in", "fan_out"), fan_in_out(shape)))
    std = math.sqrt(2.0 / fans[mode])
    return rng.normal(loc=0.0, scale=std, size=shape)


def log_softmax(z):
    out = np.zeros_like(z)
    for i, row in enumerate(z):
        row = row.astype(float)
        m = row.max()
        out[i] = row - m - np.log(np.exp(row - m).sum())
    return out


def cross_entropy(logits, y, label_smoothing=0.0):
    N, K = logits.shape
    z = logits.astype(np.float64)
    z = z - z.max(axis=1, keepdims=True)
    logp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    target = np.eye(K)[y] * (1 - label_smoothing) + label_smoothing / K
    loss = -np.sum(target * logp) / N
    return loss, (np.exp(logp) - target) / N
