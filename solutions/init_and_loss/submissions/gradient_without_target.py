# /// answer
# mistake = "gradient-without-target"
# title = "the gradient is the softmax alone"
# hint = "The gradient is the softmax minus the target."
# points = {fan_in_out = 8, he_normal = 12, log_softmax = 10, cross_entropy = 6.75}
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
    out = np.zeros(z.shape)
    for n in range(z.shape[0]):
        row = z[n].astype(float)
        row = row - row.max()
        out[n] = row - np.log(np.exp(row).sum())
    return out


def cross_entropy(logits, y, label_smoothing=0.0):
    logp = log_softmax(logits)
    n, k = logp.shape
    eps = label_smoothing
    one_hot = (np.arange(k) == y[:, None]).astype(float)
    t = (1 - eps) * one_hot + eps * np.ones_like(one_hot) / k
    loss = -np.einsum("nk,nk->", t, logp) / n
    return loss, np.exp(logp) / n
