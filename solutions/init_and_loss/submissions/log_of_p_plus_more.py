# /// answer
# mistake = "log-of-p-plus-small"
# title = "a small number keeps the logarithm from minus infinity"
# hint = "log(p + 1e-8), or p clipped at 1e-8, can't go below -18.4, whatever the scores say. Subtract logarithms instead of dividing: log_softmax."
# points = {fan_in_out = 8, he_normal = 12, log_softmax = 0.333333, cross_entropy = 0.25}
# ///
import numpy as np
from functools import reduce
from operator import mul


def fan_in_out(shape):
    receptive = reduce(mul, shape[2:], 1)
    return int(shape[1]) * receptive, int(shape[0]) * receptive


def he_normal(shape, rng, mode="fan_in"):
    fans = dict(zip(("fan_in", "fan_out"), fan_in_out(shape)))
    sigma = (2 / fans[mode]) ** 0.5
    return sigma * rng.standard_normal(size=shape)


def logsumexp(row):
    m = row.max()
    return m + np.log(np.exp(row - m).sum())


def log_softmax(z):
    rows = np.asarray(z).astype(np.float64)
    p = np.exp([row - logsumexp(row) for row in rows])
    return np.log(p + 1e-7)


def cross_entropy(logits, y, label_smoothing=0.0):
    logp = log_softmax(logits)
    n, k = logp.shape
    total = 0.0
    grad = np.zeros((n, k))
    for i in range(n):
        t = np.ones(k) * (label_smoothing / k)
        t[y[i]] += 1.0 - label_smoothing
        total -= t @ logp[i]
        grad[i] = np.exp(logp[i]) - t
    return total / n, grad / n
