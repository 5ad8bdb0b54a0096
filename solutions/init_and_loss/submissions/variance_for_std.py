# /// answer
# mistake = "variance-for-std"
# title = "the variance is used as the standard deviation"
# hint = "2 / fan is the variance; normal(…) wants its square root."
# points = {fan_in_out = 8, he_normal = 6, log_softmax = 10, cross_entropy = 15}
# ///
import math

import numpy as np


def fan_in_out(shape):
    out_ch, in_ch, *kernel = shape
    area = math.prod(kernel)
    return in_ch * area, out_ch * area


def he_normal(shape, rng, mode="fan_in"):
    fans = dict(zip(("fan_in", "fan_out"), fan_in_out(shape)))
    std = 2.0 / fans[mode]
    return rng.normal(loc=0.0, scale=std, size=shape)


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
