# /// answer
# mistake = "exp-overflow"
# title = "exponentials of large scores overflow"
# hint = "exp(710) is infinite, and exp(-750) is 0. Subtract the largest score of each row first: the result is the same."
# points = {fan_in_out = 8, he_normal = 12, log_softmax = 10, cross_entropy = 13.5}
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
    N, K = logits.shape
    logp = log_softmax(logits)
    target = np.eye(K)[y] * (1 - label_smoothing) + label_smoothing / K
    loss = -np.sum(target * logp) / N
    p = np.exp(logits.astype(float))
    p /= p.sum(axis=1, keepdims=True)
    return loss, (p - target) / N
