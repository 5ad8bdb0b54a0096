# /// answer
# mistake = "log-of-p-plus-small"
# title = "a small number keeps the logarithm from minus infinity"
# hint = "log(p + 1e-8), or p clipped at 1e-8, can't go below -18.4, whatever the scores say. Subtract logarithms instead of dividing: log_softmax."
# points = {fan_in_out = 8, he_normal = 12, log_softmax = 10, cross_entropy = 14.25}
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
    N, K = logits.shape
    p = np.exp(log_softmax(logits))
    target = np.eye(K)[y] * (1 - label_smoothing) + label_smoothing / K
    loss = -np.sum(target * np.log(np.clip(p, 1e-12, 1.0))) / N
    return loss, (p - target) / N
