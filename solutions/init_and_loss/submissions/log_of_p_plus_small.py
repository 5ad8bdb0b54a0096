# /// answer
# mistake = "log-of-p-plus-small"
# title = "a small number keeps the logarithm from minus infinity"
# hint = "log(p + 1e-8), or p clipped at 1e-8, can't go below -18.4, whatever the scores say. Subtract logarithms instead of dividing: log_softmax."
# points = {fan_in_out = 8, he_normal = 12, log_softmax = 6.7, cross_entropy = 8.9}
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
    z = z.astype(np.float64)
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return np.log(p + 1e-8)


def cross_entropy(logits, y, label_smoothing=0.0):
    n, k = logits.shape
    logp = log_softmax(logits)
    rows = np.arange(n)
    nll = -logp[rows, y].mean()
    smooth = -logp.mean(axis=1).mean()
    loss = (1 - label_smoothing) * nll + label_smoothing * smooth
    grad = np.exp(logp)
    grad[rows, y] -= 1 - label_smoothing
    grad -= label_smoothing / k
    grad /= n
    return float(loss), grad
