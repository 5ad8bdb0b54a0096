# /// answer
# mistake = "float32-weights"
# title = "the weights are float32"
# hint = "Results are float64: don't ask for another dtype."
# points = {fan_in_out = 8, he_normal = 0, log_softmax = 10, cross_entropy = 15}
# ///
import numpy as np


def fan_in_out(shape):
    size = int(np.prod(shape))
    return size // shape[0], size // shape[1]


def he_normal(shape, rng, mode="fan_in"):
    fan = fan_in_out(shape)[mode == "fan_out"]
    w = rng.normal(0.0, np.sqrt(2.0 / fan), size=shape)
    return w.astype(np.float32)


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
