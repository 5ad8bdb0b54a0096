# /// answer
# mistake = "log-of-p-plus-small"
# title = "a small number keeps the logarithm from minus infinity"
# hint = "log(p + 1e-8), or p clipped at 1e-8, can't go below -18.4, whatever the scores say. Subtract logarithms instead of dividing: log_softmax."
# points = {fan_in_out = 8, he_normal = 12, log_softmax = 10, cross_entropy = 7.75}
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
    logp = log_softmax(logits)
    target = np.full((n, k), label_smoothing / k)
    target[np.arange(n), y] += 1 - label_smoothing
    p = np.exp(logp)
    loss = -np.sum(target * np.log(p + 1e-7)) / n
    dlogits = (np.exp(logp) - target) / n
    return float(loss), dlogits
