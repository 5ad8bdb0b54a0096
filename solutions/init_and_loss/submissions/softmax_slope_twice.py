# /// answer
# mistake = "softmax-slope-twice"
# title = "the gradient is multiplied by the probabilities once more"
# hint = "The softmax's own slope is in p - target already: nothing is left to multiply."
# points = {fan_in_out = 8, he_normal = 12, log_softmax = 10, cross_entropy = 6.75}
# ///
import numpy as np


def fan_in_out(shape):
    n = int(np.prod(shape))
    return n // shape[0], n // shape[1]


def he_normal(shape, rng, mode="fan_in"):
    fan_in, fan_out = fan_in_out(shape)
    var = 2 / (fan_out if mode == "fan_out" else fan_in)
    return rng.multivariate_normal([0.0], [[var]], size=shape)[..., 0]


def log_softmax(z):
    z = np.array(z, dtype=np.longdouble)
    z -= z.max(1)[:, None]
    return (z - np.log(np.exp(z).sum(1))[:, None]).astype(np.float64)


def cross_entropy(logits, y, label_smoothing=0.0):
    N, K = logits.shape
    shifted = logits.astype(np.float64) - logits.max(axis=1, keepdims=True)
    Z = np.exp(shifted).sum(axis=1, keepdims=True)
    log_probs = shifted - np.log(Z)
    probs = np.exp(log_probs)
    onehot = (np.arange(K)[None] == y[:, None]).astype(float)
    q = onehot - label_smoothing * (onehot - 1 / K)
    loss = np.sum(-q * log_probs) / N
    return loss, probs * (probs - q) / N
