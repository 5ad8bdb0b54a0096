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


def dropout(x, p, training, rng):
    if not training:
        return x.astype(float), np.ones(x.shape, bool)
    mask = rng.choice([True, False], size=x.shape, p=[1 - p, p])
    out = np.zeros(x.shape)
    if mask.any():
        out[mask] = x[mask] / (1 - p)
    return out, mask


def ch(v):
    return np.asarray(v, float).reshape(1, -1, 1, 1)


def bn(
    x,
    gamma,
    beta,
    rm,
    rv,
    training,
    momentum=0.1,
    eps=1e-5,
    ax=(0, 2, 3),
    nd=0,
    rd=1,
    evalbatch=False,
    out_eps=False,
    upd=None,
):
    x = np.asarray(x, float)
    if training or evalbatch:
        mu, var = x.mean((0, 2, 3)), x.var((0, 2, 3), ddof=nd)
    else:
        mu, var = np.asarray(rm, float), np.asarray(rv, float)
    m1, v1 = np.array(rm, float), np.array(rv, float)
    if training:
        v = x.var((0, 2, 3), ddof=rd)
        mo = momentum
        m1, v1 = upd(m1, mu, mo), upd(v1, v, mo)
    inv = 1 / (np.sqrt(var) + eps) if out_eps else 1 / np.sqrt(var + eps)
    xh = (x - ch(mu)) * ch(inv)
    return xh * ch(gamma) + ch(beta), (xh, np.asarray(gamma, float), inv, training), m1, v1


def lin(a, b, m):
    return (1 - m) * a + m * b


def bb(dout, cache):
    xh, g, inv, tr = cache
    d = np.asarray(dout, float)
    dg = (d * xh).sum((0, 2, 3))
    db = d.sum((0, 2, 3))
    m = d.size / d.shape[1]
    dx = d - ch(db / m) - xh * ch(dg / m) if tr else d
    return dx * ch(g * inv), dg, db


def batchnorm2d(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    out, c, m, v = bn(x, gamma, beta, running_mean, running_var, training, momentum, eps, upd=lin)
    if training:
        running_mean[:] = m
        running_var[:] = v
    return out, c, running_mean, running_var


def batchnorm2d_backward(dout, cache):
    return bb(dout, cache)
