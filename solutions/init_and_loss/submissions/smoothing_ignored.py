# /// answer
# mistake = "smoothing-ignored"
# title = "label_smoothing is ignored"
# hint = "With label_smoothing e, the target is (1 - e) times one-hot, plus e / K everywhere."
# points = {fan_in_out = 8, he_normal = 12, log_softmax = 10, cross_entropy = 9}
# ///
import math

import numpy as np


def fan_in_out(shape):
    out_ch, in_ch, *kernel = shape
    area = math.prod(kernel)
    return in_ch * area, out_ch * area


def he_normal(shape, rng, mode="fan_in"):
    fan = fan_in_out(shape)[mode == "fan_out"]
    gain = np.sqrt(2.0)
    return gain / np.sqrt(fan) * rng.standard_normal(size=shape)


def log_softmax(z):
    z = np.array(z, dtype=float)
    m = z.max(axis=1)[:, None]
    lse = m + np.log(np.exp(z - m).sum(axis=1))[:, None]
    return z - lse


def cross_entropy(logits, y, label_smoothing=0.0):
    n = logits.shape[0]
    logp = log_softmax(logits)
    loss = -logp[np.arange(n), y].mean()
    grad = np.exp(logp)
    grad[np.arange(n), y] -= 1
    return loss, grad / n
