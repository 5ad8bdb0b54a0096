# /// answer
# right = true
# ///
import math

import numpy as np


def batchnorm2d(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    xs = [x[:, c].astype(np.float64) for c in range(x.shape[1])]
    if training:
        mean = np.array([v.mean() for v in xs]); var = np.array([v.std() ** 2 for v in xs])
        new_mean = np.average([running_mean, mean], axis=0, weights=[1 - momentum, momentum])
        new_var = np.average([running_var, [np.var(v, ddof=1) for v in xs]], axis=0, weights=[1 - momentum, momentum])
    else:
        mean, var = np.copy(running_mean), np.copy(running_var)
        new_mean, new_var = mean, var
    hat = np.stack([(v - mu) / np.sqrt(s + eps) for v, mu, s in zip(xs, mean, var)], axis=1)
    out = np.stack([g * h + b for g, h, b in zip(gamma, hat.swapaxes(0, 1), beta)], axis=1)
    return out, {"hat": hat, "k": gamma / np.sqrt(var + eps), 1: training, (2, 3): None}, new_mean, new_var


def batchnorm2d_backward(dout, cache):
    dout = dout.astype(np.float64)
    hat, k, training = cache["hat"], cache["k"], cache[1]
    dbeta = dout.sum(axis=3).sum(axis=2).sum(axis=0)
    dgamma = np.sum(dout * hat, axis=(0, 2, 3))
    dx = np.empty_like(dout)
    for c in range(dout.shape[1]):
        d, h = dout[:, c].ravel(), hat[:, c].ravel()
        n = d.size
        if training:
            J = np.eye(n) - 1 / n - np.outer(h, h) / n
            d = J @ d
        dx[:, c] = (k[c] * d).reshape(dx[:, c].shape)
    return dx, dgamma, dbeta


def dropout(x, p, training, rng):
    x = x.astype(np.float64)
    if not training:
        return x, np.full_like(x, True, dtype=bool)
    # Ranks of normal draws would fix the count; their distribution function gives independent uniforms.
    u = np.vectorize(lambda t: 0.5 * (1 + math.erf(t / math.sqrt(2))))(rng.standard_normal(x.shape))
    m = (u > p) | (p == 0)
    return np.divide(x, 1 - p, out=np.zeros_like(x), where=m & (p < 1)), m & (p < 1)
