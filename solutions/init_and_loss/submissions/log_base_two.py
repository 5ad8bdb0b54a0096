# /// answer
# mistake = "log-base-two"
# title = "the logarithm to base 2"
# hint = "The logarithm that undoes exp is the natural one, np.log."
# points = {fan_in_out = 8, he_normal = 12, log_softmax = 2, cross_entropy = 15}
# ///
import numpy as np


def fan_in_out(shape):
    size = int(np.prod(shape))
    return size // shape[0], size // shape[1]


def he_normal(shape, rng, mode="fan_in"):
    fan_in, fan_out = fan_in_out(shape)
    fan = fan_in if mode == "fan_in" else fan_out
    return rng.standard_normal(shape) * np.sqrt(2 / fan)


def log_softmax(z):
    z = np.asarray(z, dtype=np.float64)
    shifted = z - np.amax(z, axis=-1, keepdims=True)
    return shifted - np.log2(np.exp(shifted).sum(-1, keepdims=True))


def cross_entropy(logits, y, label_smoothing=0.0):
    N, K = logits.shape
    z = logits.astype(np.float64)
    z = z - z.max(axis=1, keepdims=True)
    logp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    target = np.eye(K)[y] * (1 - label_smoothing) + label_smoothing / K
    loss = -np.sum(target * logp) / N
    return loss, (np.exp(logp) - target) / N
