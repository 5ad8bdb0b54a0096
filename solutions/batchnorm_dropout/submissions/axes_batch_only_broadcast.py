# /// answer
# mistake = "axes-batch-only"
# title = "Each pixel has statistics of its own"
# hint = "A channel's mean runs over images *and* pixels: axis=(0, 2, 3), not axis=0."
# points = {batchnorm2d = 6.983333, batchnorm2d_backward = 6.166667, dropout = 14}
# ///
import numpy as np


def ch(v):
    return np.asarray(v, dtype=np.float64).reshape(1, -1, 1, 1)


def batchnorm2d(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    x = np.array(x, dtype=np.float64)
    running_mean = np.array(running_mean, dtype=np.float64)
    running_var = np.array(running_var, dtype=np.float64)
    n, c, h, w = x.shape
    m = n * h * w
    if training:
        mean = x.mean(axis=0)
        var = x.var(axis=0)
        new_mean = (1 - momentum) * running_mean + momentum * mean
        new_var = (1 - momentum) * running_var + momentum * var * n / max(n - 1, 1)
    else:
        mean, var = running_mean.reshape(c, 1, 1), running_var.reshape(c, 1, 1)
        new_mean, new_var = running_mean, running_var
    inv = 1.0 / np.sqrt(var + eps)
    x_hat = (x - mean) * inv
    out = ch(gamma) * x_hat + ch(beta)
    cache = (x_hat, np.array(gamma, dtype=np.float64), inv, n, training)
    return out, cache, new_mean, new_var


def batchnorm2d_backward(dout, cache):
    x_hat, gamma, inv, m, training = cache
    dout = np.array(dout, dtype=np.float64)
    dgamma = np.sum(dout * x_hat, axis=(0, 2, 3))
    dbeta = np.sum(dout, axis=(0, 2, 3))
    dx_hat = dout * ch(gamma)
    if not training:
        return dx_hat * inv, dgamma, dbeta
    s1 = dx_hat.sum(axis=0)
    s2 = (dx_hat * x_hat).sum(axis=0)
    dx = inv / m * (m * dx_hat - s1 - x_hat * s2)
    return dx, dgamma, dbeta


def dropout(x, p, training, rng):
    x = np.asarray(x, dtype=np.float64)
    if not training:
        return x.copy(), np.ones(x.shape, dtype=bool)
    mask = rng.random(x.shape) >= p
    if p == 1:
        return np.zeros(x.shape), np.zeros(x.shape, dtype=bool)
    return x * mask / (1 - p), mask
