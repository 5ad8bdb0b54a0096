# /// answer
# mistake = "one-over-fan"
# title = "the variance is 1 / fan"
# hint = "ReLU sets half of the signal to 0. He initialisation makes up for it: the variance is 2 / fan."
# points = {fan_in_out = 8, he_normal = 6, log_softmax = 10, cross_entropy = 15}
# ///
import numpy as np


def fan_in_out(shape):
    if len(shape) == 2:
        return shape[1], shape[0]
    k = 1
    for s in shape[2:]:
        k *= s
    return shape[1] * k, shape[0] * k


def he_normal(shape, rng, mode="fan_in"):
    fan_in, fan_out = fan_in_out(shape)
    fan = fan_in if mode == "fan_in" else fan_out
    return rng.standard_normal(shape) * np.sqrt(1 / fan)


def log_softmax(z):
    z = z.astype(np.float64)
    z = z - np.max(z, axis=1, keepdims=True)
    return z - np.log(np.sum(np.exp(z), axis=1, keepdims=True))


def cross_entropy(logits, y, label_smoothing=0.0):
    num, classes = logits.shape
    logp = log_softmax(logits)
    q = np.full((num, classes), label_smoothing / classes)
    for i in range(num):
        q[i, y[i]] += 1 - label_smoothing
    loss = -(q * logp).sum(axis=1).mean()
    return loss, (np.exp(logp) - q) / num
