# /// answer
# mistake = "kernel-in-fan-in-only"
# title = "the kernel's cells count in fan_in alone"
# hint = "One input value reaches kH * kW places of each output channel, so fan_out = out * kH * kW."
# points = {fan_in_out = 2, he_normal = 10.05, log_softmax = 10, cross_entropy = 15}
# ///
import math

import numpy as np


def fan_in_out(shape):
    out_ch, in_ch, *kernel = shape
    area = math.prod(kernel)
    return in_ch * area, out_ch


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
