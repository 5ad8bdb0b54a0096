# /// answer
# mistake = "running-in-place"
# title = "The caller's running statistics are overwritten"
# hint = "running_mean *= ... writes into the caller's array: make a new one and return it."
# points = {batchnorm2d = 25.1, batchnorm2d_backward = 20, dropout = 14}
# ///
from typing import NamedTuple

import numpy as np


class Result(NamedTuple):
    out: np.ndarray
    cache: object
    new_mean: np.ndarray
    new_var: np.ndarray


class Norm:
    """Keeps its input as a (C, m) matrix."""

    def __init__(self, x, gamma, eps, frozen=None):
        self.shape = x.shape
        self.rows = self.to_rows(x)
        self.frozen = frozen is not None
        self.gamma = np.array(gamma, dtype=float)[:, None]
        self.mean, self.var = frozen or (self.rows.mean(1), np.square(self.rows).mean(1) - self.rows.mean(1) ** 2)
        self.rstd = (np.array(self.var, dtype=float)[:, None] + eps) ** -0.5
        self.z = (self.rows - np.array(self.mean, dtype=float)[:, None]) * self.rstd

    @staticmethod
    def to_rows(x):
        return np.moveaxis(x, 1, 0).reshape(x.shape[1], -1).astype(float)

    def to_images(self, rows):
        n, c, h, w = self.shape
        return np.moveaxis(rows.reshape(c, n, h, w), 0, 1)

    def backward(self, dout):
        g = self.to_rows(dout)
        dx = g
        if not self.frozen:
            m = g.shape[1]
            dx = g - (g.sum(1, keepdims=True) + self.z * (g * self.z).sum(1, keepdims=True)) / m
        return self.to_images(self.gamma * self.rstd * dx), np.einsum("cm,cm->c", g, self.z), g.sum(1)


def right_batchnorm2d(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    norm = Norm(x, gamma, eps, None if training else (running_mean, running_var))
    out = norm.to_images(norm.gamma * norm.z + beta[:, None])
    if not training:
        return Result(out, norm, running_mean.copy(), running_var.copy())
    keep = 1 - momentum
    unbiased = norm.rows.var(axis=1, ddof=1)
    return Result(out, norm, keep * running_mean + momentum * norm.mean, keep * running_var + momentum * unbiased)


def batchnorm2d_backward(dout, cache):
    return cache.backward(dout)


def dropout(x, p, training, rng):
    if not training:
        return x.astype(float), np.ones(x.shape, bool)
    mask = rng.choice([True, False], size=x.shape, p=[1 - p, p])
    out = np.zeros(x.shape)
    if mask.any():
        out[mask] = x[mask] / (1 - p)
    return out, mask


def batchnorm2d(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    a, b, c, d = right_batchnorm2d(x, gamma, beta, running_mean, running_var, training, momentum, eps)
    running_mean[:] = c
    running_var[:] = d
    return a, b, running_mean, running_var
