# /// answer
# mistake = "log-of-p-plus-small"
# title = "a small number keeps the logarithm from minus infinity"
# hint = "log(p + 1e-8), or p clipped at 1e-8, can't go below -18.4, whatever the scores say. Subtract logarithms instead of dividing: log_softmax."
# points = {fan_in_out = 8, he_normal = 12, log_softmax = 10, cross_entropy = 14.25}
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
    z = z.astype(np.float64)
    z = z - np.max(z, axis=1, keepdims=True)
    return z - np.log(np.sum(np.exp(z), axis=1, keepdims=True))


def cross_entropy(logits, y, label_smoothing=0.0):
    N, K = logits.shape
    p = np.exp(log_softmax(logits))
    target = np.eye(K)[y] * (1 - label_smoothing) + label_smoothing / K
    loss = -np.sum(target * np.log(p + 1e-8)) / N
    return loss, (p - target) / N
