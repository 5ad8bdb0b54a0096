# /// answer
# mistake = "fans-swapped"
# title = "fan_in and fan_out are swapped"
# hint = "Weights are (out, in, …), so fan_in comes from shape[1] and fan_out from shape[0]; the result is (fan_in, fan_out)."
# points = {fan_in_out = 0, he_normal = 6, log_softmax = 10, cross_entropy = 15}
# ///
import numpy as np


def fan_in_out(shape):
    receptive = 1
    for s in shape[2:]:
        receptive *= s
    return shape[0] * receptive, shape[1] * receptive


def he_normal(shape, rng, mode="fan_in"):
    fan = fan_in_out(shape)[mode == "fan_out"]
    gain = np.sqrt(2.0)
    return gain / np.sqrt(fan) * rng.standard_normal(size=shape)


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
