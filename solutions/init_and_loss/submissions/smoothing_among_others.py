# /// answer
# mistake = "smoothing-among-others"
# title = "the smoothing is shared among the other classes only"
# hint = "label_smoothing is dealt out evenly to all K classes, the true one included: e / K each."
# points = {fan_in_out = 8, he_normal = 12, log_softmax = 10, cross_entropy = 9}
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
    N, K = logits.shape
    logp = log_softmax(logits)
    target = np.full((N, K), label_smoothing / (K - 1))
    target[np.arange(N), y] = 1 - label_smoothing
    loss = -np.sum(target * logp) / N
    dlogits = (np.exp(logp) - target) / N
    return loss, dlogits
