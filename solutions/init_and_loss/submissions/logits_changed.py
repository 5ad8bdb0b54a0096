# /// answer
# mistake = "logits-changed"
# title = "the caller's logits are changed"
# hint = "logits -= … writes into the caller's array. Work on a new one."
# points = {fan_in_out = 8, he_normal = 12, log_softmax = 10, cross_entropy = 14.25}
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
    z = np.asarray(z, dtype=np.float64)
    shifted = z - np.amax(z, axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))


def cross_entropy(logits, y, label_smoothing=0.0):
    N, K = logits.shape
    if np.issubdtype(logits.dtype, np.integer):
        logits = logits.astype(float)
    logits -= logits.max(axis=1, keepdims=True)
    logp = log_softmax(logits)
    target = np.eye(K)[y] * (1 - label_smoothing) + label_smoothing / K
    return -np.sum(target * logp) / N, (np.exp(logp) - target) / N
