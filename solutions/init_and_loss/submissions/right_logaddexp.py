# /// answer
# title = "np.logaddexp.reduce, and a gradient in two steps"
# right = true
# ///
import numpy as np


def fan_in_out(shape):
    n = np.prod(shape, dtype=np.int64)
    return n // shape[0], n // shape[1]


def he_normal(shape, rng, mode="fan_in"):
    fan = dict(fan_in=0, fan_out=1)[mode]
    variance = 2 / fan_in_out(shape)[fan]
    w = np.empty(shape)
    rng.standard_normal(out=w)
    w *= variance**0.5
    return w


def log_softmax(z):
    z = np.asarray(z, np.float64)
    return z - np.logaddexp.reduce(z, axis=1, keepdims=True)


def cross_entropy(logits, y, label_smoothing=0.0):
    logp = log_softmax(logits)
    n, k = logp.shape
    at = (np.arange(n), y)
    # d loss / d logp, and then back through log_softmax
    dlogp = np.full_like(logp, -label_smoothing / (n * k))
    np.add.at(dlogp, at, -(1 - label_smoothing) / n)
    loss = np.vdot(dlogp, logp)
    dlogits = dlogp - np.exp(logp) * dlogp.sum(axis=1, keepdims=True)
    return loss, dlogits
