# /// answer
# mistake = "scores-clipped"
# title = "large scores are clipped"
# hint = "Clipping changes the result for every score it touches. Subtracting the row's maximum changes nothing."
# points = {fan_in_out = 8, he_normal = 12, log_softmax = 5.5, cross_entropy = 15}
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
    z = np.clip(z.astype(np.float64), -500, 500)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


def cross_entropy(logits, y, label_smoothing=0.0):
    N, K = logits.shape
    z = logits.astype(np.float64)
    z = z - z.max(axis=1, keepdims=True)
    logp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    target = np.eye(K)[y] * (1 - label_smoothing) + label_smoothing / K
    loss = -np.sum(target * logp) / N
    return loss, (np.exp(logp) - target) / N
