# /// answer
# title = "normal numbers from uniform ones, targets from np.where"
# right = true
# ///
import math

import numpy as np


def fan_in_out(shape):
    rows = np.empty(shape, dtype=bool)
    return rows[0].size, rows[:, 0].size


def he_normal(shape, rng, mode="fan_in"):
    fan_in, fan_out = fan_in_out(shape)
    fan = fan_out if mode == "fan_out" else fan_in
    n = math.prod(shape)
    u, v = rng.random(n), rng.random(n)
    normal = np.sqrt(-2 * np.log1p(-u)) * np.cos(2 * np.pi * v)
    return normal.reshape(shape) * math.sqrt(2 / fan)


def log_softmax(z):
    zt = np.array(z, dtype=np.float64).T
    zt -= zt.max(axis=0)
    zt -= np.log(np.exp(zt).sum(axis=0))
    return zt.T


def cross_entropy(logits, y, label_smoothing=0.0):
    logp = log_softmax(logits)
    n, k = logp.shape
    on = 1 - label_smoothing + label_smoothing / k
    off = label_smoothing / k
    target = np.where(np.arange(k)[None, :] == y[:, None], on, off)
    loss = np.average(-np.sum(target * logp, axis=1))
    return loss.item(), (np.exp(logp) - target) / n
