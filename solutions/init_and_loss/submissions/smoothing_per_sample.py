# /// answer
# mistake = "smoothing-per-sample"
# title = "the smoothing is shared among the samples"
# hint = "label_smoothing is dealt out to the K classes, so it is divided by K, not by N."
# points = {fan_in_out = 8, he_normal = 12, log_softmax = 10, cross_entropy = 9.75}
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
    logp = log_softmax(logits)
    target = np.eye(K)[y] * (1 - label_smoothing) + label_smoothing / N
    loss = -np.sum(target * logp) / N
    dlogits = (np.exp(logp) - target) / N
    return loss, dlogits
