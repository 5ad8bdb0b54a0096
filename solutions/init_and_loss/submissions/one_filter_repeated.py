# /// answer
# mistake = "one-filter-repeated"
# title = "all outputs start with the same weights"
# hint = "Outputs that start alike stay alike: draw numbers for the whole shape, not for one filter."
# points = {fan_in_out = 8, he_normal = 3, log_softmax = 10, cross_entropy = 15}
# ///
import math

import numpy as np


def fan_in_out(shape):
    out_ch, in_ch, *kernel = shape
    area = math.prod(kernel)
    return in_ch * area, out_ch * area


def he_normal(shape, rng, mode="fan_in"):
    fan_in, fan_out = fan_in_out(shape)
    if mode == "fan_in":
        std = (2.0 / fan_in) ** 0.5
    elif mode == "fan_out":
        std = (2.0 / fan_out) ** 0.5
    else:
        raise ValueError("unknown mode " + str(mode))
    return np.tile(rng.normal(0, std, shape[1:]), (shape[0],) + (1,) * (len(shape) - 1))


def log_softmax(z):
    z = np.array(z, dtype=float)
    m = z.max(axis=1)[:, None]
    lse = m + np.log(np.exp(z - m).sum(axis=1))[:, None]
    return z - lse


def cross_entropy(logits, y, label_smoothing=0.0):
    logp = log_softmax(logits)
    n, k = logp.shape
    eps = label_smoothing
    one_hot = (np.arange(k) == y[:, None]).astype(float)
    t = (1 - eps) * one_hot + eps * np.ones_like(one_hot) / k
    loss = -np.einsum("nk,nk->", t, logp) / n
    return loss, (np.exp(logp) - t) / n
