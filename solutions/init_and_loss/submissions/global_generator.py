# /// answer
# mistake = "global-generator"
# title = "the weights come from NumPy's global generator"
# hint = "np.random.randn ignores rng. Call a method of rng: rng.standard_normal(shape)."
# points = {fan_in_out = 8, he_normal = 9, log_softmax = 10, cross_entropy = 15}
# ///
import numpy as np


def fan_in_out(shape):
    size = int(np.prod(shape))
    return size // shape[0], size // shape[1]


def he_normal(shape, rng, mode="fan_in"):
    fan_in, fan_out = fan_in_out(shape)
    fan = fan_in if mode == "fan_in" else fan_out
    return np.random.randn(*shape) * np.sqrt(2 / fan)


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
