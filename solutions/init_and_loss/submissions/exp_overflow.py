# /// answer
# mistake = "exp-overflow"
# title = "exponentials of large scores overflow"
# hint = "exp(710) is infinite, and exp(-750) is 0. Subtract the largest score of each row first: the result is the same."
# points = {fan_in_out = 8, he_normal = 12, log_softmax = 5, cross_entropy = 12}
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
    if mode == "fan_in":
        std = (2.0 / fan_in) ** 0.5
    elif mode == "fan_out":
        std = (2.0 / fan_out) ** 0.5
    else:
        raise ValueError("unknown mode " + str(mode))
    return rng.normal(0, std, shape)


def log_softmax(z):
    e = np.exp(z.astype(np.float64))
    return np.log(e / e.sum(axis=1, keepdims=True))


def cross_entropy(logits, y, label_smoothing=0.0):
    num, classes = logits.shape
    logp = log_softmax(logits)
    q = np.full((num, classes), label_smoothing / classes)
    for i in range(num):
        q[i, y[i]] += 1 - label_smoothing
    loss = -(q * logp).sum(axis=1).mean()
    return loss, (np.exp(logp) - q) / num
