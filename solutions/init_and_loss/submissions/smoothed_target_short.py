# /// answer
# mistake = "smoothed-target-short"
# title = "the true class misses its share of the smoothing"
# hint = "The target of a sample sums to 1: the true class holds 1 - e + e / K."
# points = {fan_in_out = 8, he_normal = 12, log_softmax = 10, cross_entropy = 9}
# ///
import numpy as np


def fan_in_out(shape):
    size = int(np.prod(shape))
    return size // shape[0], size // shape[1]


def he_normal(shape, rng, mode="fan_in"):
    fan_in, fan_out = fan_in_out(shape)
    fan = fan_in if mode == "fan_in" else fan_out
    return rng.standard_normal(shape) * np.sqrt(2 / fan)


def log_softmax(z):
    out = np.zeros(z.shape)
    for n in range(z.shape[0]):
        row = z[n].astype(float)
        row = row - row.max()
        out[n] = row - np.log(np.exp(row).sum())
    return out


def cross_entropy(logits, y, label_smoothing=0.0):
    num, classes = logits.shape
    logp = log_softmax(logits)
    q = np.full((num, classes), label_smoothing / classes)
    for i in range(num):
        q[i, y[i]] = 1 - label_smoothing
    loss = -(q * logp).sum(axis=1).mean()
    return loss, (np.exp(logp) - q) / num
