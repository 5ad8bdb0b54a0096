# /// answer
# mistake = "gradient-dtype-of-logits"
# title = "the gradient has the dtype of the logits"
# hint = "Results are float64 whatever came in."
# points = {fan_in_out = 8, he_normal = 12, log_softmax = 10, cross_entropy = 14.5}
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
    logp = log_softmax(logits)
    n, k = logp.shape
    eps = label_smoothing
    one_hot = (np.arange(k) == y[:, None]).astype(float)
    t = (1 - eps) * one_hot + eps * np.ones_like(one_hot) / k
    loss = -np.einsum("nk,nk->", t, logp) / n
    return loss, ((np.exp(logp) - t) / n).astype(np.result_type(logits, np.float16))
