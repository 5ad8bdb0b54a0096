# /// answer
# title = "a softmax of its own in the gradient"
# right = true
# ///
import numpy as np


def _softmax(z):
    e = np.exp(z - np.max(z, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


def fan_in_out(shape):
    if len(shape) == 2:
        out_dim, in_dim = shape
        return in_dim, out_dim
    f, c = shape[0], shape[1]
    k = int(np.prod(shape[2:]))
    return c * k, f * k


def he_normal(shape, rng, mode="fan_in"):
    fan_in, fan_out = fan_in_out(shape)
    std = np.sqrt(2.0 / (fan_in if mode == "fan_in" else fan_out))
    w = rng.normal(0.0, 1.0, int(np.prod(shape))) * std
    return w.reshape(shape)


def log_softmax(z):
    z = z.astype(np.float64)
    c = np.max(z, axis=1, keepdims=True)
    return z - c - np.log(np.sum(np.exp(z - c), axis=1, keepdims=True))


def cross_entropy(logits, y, label_smoothing=0.0):
    logits = logits.astype(np.float64)
    n, k = logits.shape
    lp = log_softmax(logits)
    loss = 0.0
    for i in range(n):
        loss += -(1.0 - label_smoothing) * lp[i, y[i]] - label_smoothing * np.sum(lp[i]) / k
    loss /= n
    probs = _softmax(logits)
    grad = probs.copy()
    grad[np.arange(n), y] -= 1.0
    smooth = probs - 1.0 / k
    return loss, ((1.0 - label_smoothing) * grad + label_smoothing * smooth) / n
