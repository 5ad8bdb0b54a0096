# /// answer
# mistake = "smoothing-summed"
# title = "the smoothing is summed over the classes, not shared"
# hint = "Each class gets e / K: the smoothing term is e times the mean over the classes."
# points = {fan_in_out = 8, he_normal = 12, log_softmax = 10, cross_entropy = 11.625}
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
    n, k = logits.shape
    logp = log_softmax(logits)
    rows = np.arange(n)
    nll = -logp[rows, y].mean()
    smooth = -logp.sum(axis=1).mean()
    loss = (1 - label_smoothing) * nll + label_smoothing * smooth
    grad = np.exp(logp)
    grad[rows, y] -= 1 - label_smoothing
    grad -= label_smoothing / k
    grad /= n
    return float(loss), grad
