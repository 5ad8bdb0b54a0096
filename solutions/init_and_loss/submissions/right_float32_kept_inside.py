# /// answer
# title = "float32 scores stay float32 until the end"
# right = true
# ///
import numpy as np
from math import prod, sqrt


def fan_in_out(shape):
    return prod(shape[1:]), shape[0] * prod(shape[2:])


def he_normal(shape, rng, mode="fan_in"):
    fan = fan_in_out(shape)[0 if mode == "fan_in" else 1]
    return rng.multivariate_normal([0.0], [[2 / fan]], size=shape)[..., 0]


def log_softmax(z):
    if not np.issubdtype(z.dtype, np.floating):
        z = z.astype(float)
    z = z - z.max(axis=1, keepdims=True)
    return (z - np.log(np.exp(z).sum(axis=1, keepdims=True))).astype(np.float64)


def cross_entropy(logits, y, label_smoothing=0.0):
    n, k = logits.shape
    logp = log_softmax(logits)
    true = np.take_along_axis(logp, y[:, None], axis=1)
    loss = -((1 - label_smoothing) * true.sum() + label_smoothing * logp.sum() / k) / n
    grad = np.exp(logp) - label_smoothing / k
    np.put_along_axis(grad, y[:, None], np.take_along_axis(grad, y[:, None], axis=1) - (1 - label_smoothing), axis=1)
    return np.float32(loss) if logits.dtype == np.float32 else loss, grad / n
