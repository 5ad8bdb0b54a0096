# /// answer
# mistake = "mean-over-classes"
# title = "the loss is averaged over the classes, too"
# hint = "The classes are summed up; only the N samples are averaged."
# points = {fan_in_out = 8, he_normal = 12, log_softmax = 10, cross_entropy = 0}
# ///
from dataclasses import dataclass
from functools import reduce
from operator import mul

import numpy as np


@dataclass
class SmoothedTargets:
    eps: float
    num_classes: int

    def __call__(self, labels):
        hot = np.zeros((labels.size, self.num_classes))
        hot[np.arange(labels.size), labels] = 1.0
        return hot + self.eps * (1.0 / self.num_classes - hot)


class CrossEntropy:
    def __init__(self, eps):
        self.eps = eps

    def forward(self, logits, labels):
        self.batch = len(labels)
        self.logp = log_softmax(logits)
        self.target = SmoothedTargets(self.eps, self.logp.shape[-1])(labels)
        per_sample = -(self.target * self.logp).sum(-1)
        return np.mean(per_sample)

    def backward(self):
        return (np.exp(self.logp) - self.target) * (1.0 / self.batch)


def fan_in_out(shape):
    out_channels, in_channels = shape[:2]
    cells = reduce(mul, shape[2:], 1)
    return cells * in_channels, cells * out_channels


def he_normal(shape, rng, mode="fan_in"):
    fan_in, fan_out = fan_in_out(shape)
    fan = {"fan_in": fan_in, "fan_out": fan_out}[mode]
    return np.stack([rng.normal(scale=np.sqrt(2.0 / fan), size=shape[1:]) for _ in range(shape[0])])


def log_softmax(z):
    z = z.astype("float64")
    top = z.max(1, keepdims=True)
    rest = np.log1p(np.exp(z - top).sum(1, keepdims=True) - 1.0)
    return (z - top) - rest


def _p(z):
    z = np.asarray(z, np.float64)
    e = np.exp(z - z.max(1)[:, None])
    return e / e.sum(1)[:, None]


def cross_entropy(logits, y, label_smoothing=0.0):
    n, k = logits.shape
    t = np.eye(k)[y] * (1 - label_smoothing) + label_smoothing / k
    loss = np.mean(-t * log_softmax(logits))
    return float(loss), (_p(logits) - t) / (n * k)
