# /// answer
# mistake = "two-kernel-axes-only"
# title = "kernels have two axes or none"
# hint = "A 1-D convolution has weights (F, C, k), a 3-D one (F, C, kD, kH, kW): every axis after the first two belongs to the kernel."
# points = {fan_in_out = 7, he_normal = 11.1, log_softmax = 10, cross_entropy = 15}
# ///
import numpy as np


def fan_in_out(shape):
    out_features, in_features = shape[0], shape[1]
    if len(shape) >= 4:
        kh, kw = shape[2], shape[3]
        return in_features * kh * kw, out_features * kh * kw
    return in_features, out_features


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
