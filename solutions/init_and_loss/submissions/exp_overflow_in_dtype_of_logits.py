# /// answer
# mistake = "exp-overflow"
# title = "exponentials of large scores overflow"
# hint = "exp(710) is infinite, and exp(-750) is 0. Subtract the largest score of each row first: the result is the same."
# points = {fan_in_out = 8, he_normal = 12, log_softmax = 10, cross_entropy = 11.75}
# ///
import math
import numpy as np


def fan_in_out(shape):
    area = 1
    for side in shape[2:]:
        area *= side
    return shape[1] * area, shape[0] * area


def he_normal(shape, rng, mode="fan_in"):
    fan_in, fan_out = fan_in_out(shape)
    if mode == "fan_out":
        fan = fan_out
    else:
        fan = fan_in
    std = math.sqrt(2.0 / fan)
    return rng.normal(loc=0.0, scale=std, size=shape)


def log_softmax(z):
    z = np.array(z, dtype=float)
    top = np.max(z, axis=1).reshape(-1, 1)
    e = np.exp(z - top)
    return z - top - np.log(np.sum(e, axis=1).reshape(-1, 1))


def cross_entropy(logits, y, label_smoothing=0.0):
    n, k = logits.shape
    e = np.exp(logits)
    p = e / np.sum(e, axis=1, keepdims=True)
    logp = np.log(p)
    target = np.full((n, k), label_smoothing / k)
    target[np.arange(n), y] += 1 - label_smoothing
    loss = -np.sum(target * logp) / n
    dlogits = (p - target) / n
    return float(loss), dlogits
