# /// answer
# mistake = "kernel-sides-added"
# title = "the kernel's sides are added"
# hint = "A kernel of 5 by 2 has 10 cells, not 7: multiply its sides."
# points = {fan_in_out = 2.25, he_normal = 8.1, log_softmax = 10, cross_entropy = 15}
# ///
import numpy as np


def fan_in_out(shape):
    receptive = 1
    for s in shape[2:]:
        receptive += s
    return shape[1] * receptive, shape[0] * receptive


def he_normal(shape, rng, mode="fan_in"):
    fans = dict(zip(("fan_in", "fan_out"), fan_in_out(shape)))
    return rng.standard_normal(shape) * np.sqrt(2 / fans[mode])


def log_softmax(z):
    z = z.astype(float)
    z = z - np.max(z, axis=1, keepdims=True)
    return z - np.log(np.sum(np.exp(z), axis=1, keepdims=True))


def cross_entropy(logits, y, label_smoothing=0.0):
    N, K = logits.shape
    lp = log_softmax(logits)
    nll = -lp[np.arange(N), y].mean()
    smooth = -lp.mean(axis=1).mean()
    loss = (1 - label_smoothing) * nll + label_smoothing * smooth
    d = np.exp(lp)
    d[np.arange(N), y] -= 1 - label_smoothing
    d -= label_smoothing / K
    d /= N
    return loss, d
