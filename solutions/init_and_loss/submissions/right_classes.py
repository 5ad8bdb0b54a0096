# /// answer
# title = "a class for the loss, methods for the steps"
# right = true
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


def cross_entropy(logits, y, label_smoothing=0.0):
    loss_fn = CrossEntropy(label_smoothing)
    return loss_fn.forward(logits, y), loss_fn.backward()
