# /// answer
# mistake = "gradient-of-log-softmax"
# title = "log_softmax in place of the softmax in the gradient"
# hint = "The gradient holds probabilities: exp of log_softmax."
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
    N, K = logits.shape
    logp = log_softmax(logits)
    target = np.eye(K)[y] * (1 - label_smoothing) + label_smoothing / K
    loss = -np.sum(target * logp) / N
    dlogits = (logp - target) / N
    return loss, dlogits
