# /// answer
# mistake = "integers-wrap"
# title = "small integers wrap around"
# hint = "The difference of two uint8 numbers is uint8, and 3 - 5 is 254 there. Convert to float64 before you subtract."
# points = {fan_in_out = 8, he_normal = 12, log_softmax = 9.666667, cross_entropy = 15}
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
    s = z - z.max(axis=1, keepdims=True)
    return (s - np.log(np.exp(s.astype(float)).sum(axis=1, keepdims=True))).astype(float)


def cross_entropy(logits, y, label_smoothing=0.0):
    N, K = logits.shape
    z = logits.astype(np.float64)
    z = z - z.max(axis=1, keepdims=True)
    logp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    target = np.eye(K)[y] * (1 - label_smoothing) + label_smoothing / K
    loss = -np.sum(target * logp) / N
    return loss, (np.exp(logp) - target) / N
