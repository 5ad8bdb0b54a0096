# /// answer
# mistake = "gradient-all-pairs"
# title = "1 is subtracted in the column of every label"
# hint = "grad[:, y] reaches whole columns. grad[np.arange(N), y] reaches one cell of each row."
# points = {fan_in_out = 8, he_normal = 12, log_softmax = 10, cross_entropy = 8.7}
# ///
import math

import numpy as np


def fan_in_out(shape):
    out_ch, in_ch, *kernel = shape
    area = math.prod(kernel)
    return in_ch * area, out_ch * area


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
    n, k = logits.shape
    logp = log_softmax(logits)
    rows = np.arange(n)
    nll = -logp[rows, y].mean()
    smooth = -logp.mean(axis=1).mean()
    loss = (1 - label_smoothing) * nll + label_smoothing * smooth
    grad = np.exp(logp)
    grad[:, y] -= 1 - label_smoothing
    grad -= label_smoothing / k
    grad /= n
    return float(loss), grad
