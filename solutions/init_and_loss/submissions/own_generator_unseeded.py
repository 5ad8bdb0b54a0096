# /// answer
# mistake = "own-generator-unseeded"
# title = "he_normal makes a generator of its own, without a seed"
# hint = "Nobody can repeat a run whose weights come from an unseeded generator. Use the rng that was passed."
# points = {fan_in_out = 8, he_normal = 9, log_softmax = 10, cross_entropy = 15}
# ///
import math

import numpy as np


def fan_in_out(shape):
    size = int(np.prod(shape))
    return size // shape[0], size // shape[1]


def he_normal(shape, rng, mode="fan_in"):
    fans = dict(zip(("fan_in", "fan_out"), fan_in_out(shape)))
    std = math.sqrt(2.0 / fans[mode])
    return np.random.default_rng().normal(loc=0.0, scale=std, size=shape)


def log_softmax(z):
    out = np.zeros(z.shape)
    for n in range(z.shape[0]):
        row = z[n].astype(float)
        row = row - row.max()
        out[n] = row - np.log(np.exp(row).sum())
    return out


def cross_entropy(logits, y, label_smoothing=0.0):
    N, K = logits.shape
    logp = log_softmax(logits)
    target = np.eye(K)[y] * (1 - label_smoothing) + label_smoothing / K
    loss = -np.sum(target * logp) / N
    dlogits = (np.exp(logp) - target) / N
    return loss, dlogits
