# /// answer
# mistake = "dense-in-out"
# title = "dense weights are read as (in, out)"
# hint = "Dense weights are (out, in), as in torch: the first two axes mean the same for dense layers and convolutions."
# points = {fan_in_out = 6, he_normal = 9.9, log_softmax = 10, cross_entropy = 15}
# ///
import numpy as np


def fan_in_out(shape):
    if len(shape) == 2:
        fan_in, fan_out = shape
    else:
        area = int(np.prod(shape[2:]))
        fan_in, fan_out = shape[1] * area, shape[0] * area
    return fan_in, fan_out


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
    N, K = logits.shape
    logp = log_softmax(logits)
    target = np.eye(K)[y] * (1 - label_smoothing) + label_smoothing / K
    loss = -np.sum(target * logp) / N
    dlogits = (np.exp(logp) - target) / N
    return loss, dlogits
