# /// answer
# mistake = "gradient-sign"
# title = "the gradient has the wrong sign"
# hint = "The gradient is the softmax minus the target: positive where the model gives too much."
# points = {fan_in_out = 8, he_normal = 12, log_softmax = 10, cross_entropy = 6.75}
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
    num, classes = logits.shape
    logp = log_softmax(logits)
    q = np.full((num, classes), label_smoothing / classes)
    for i in range(num):
        q[i, y[i]] += 1 - label_smoothing
    loss = -(q * logp).sum(axis=1).mean()
    return loss, (q - np.exp(logp)) / num
