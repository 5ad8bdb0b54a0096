# /// answer
# mistake = "kernel-not-counted"
# title = "the kernel's cells are not counted"
# hint = "One output of a convolution sums over C channels and kH * kW cells of each: both fans hold the factor kH * kW."
# points = {fan_in_out = 2, he_normal = 8.1, log_softmax = 10, cross_entropy = 15}
# ///
import numpy as np


def fan_in_out(shape):
    return shape[1], shape[0]


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
