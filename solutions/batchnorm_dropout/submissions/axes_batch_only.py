# /// answer
# mistake = "axes-batch-only"
# title = "Each pixel has statistics of its own"
# hint = "A channel's mean runs over images *and* pixels: axis=(0, 2, 3), not axis=0."
# points = {batchnorm2d = 13.316667, batchnorm2d_backward = 7.5, dropout = 14}
# ///
import numpy as np


def ch(v):
    return v.reshape(1, -1, 1, 1)


def batchnorm2d(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    x = np.asarray(x, dtype=np.float64)
    if training:
        mean = x.mean(axis=0)
        var = x.var(axis=0)
        n = x.shape[0]
        new_mean = (1 - momentum) * running_mean + momentum * mean.mean(axis=(1, 2))
        new_var = (1 - momentum) * running_var + momentum * (var * n / max(n - 1, 1)).mean(axis=(1, 2))
    else:
        mean, var = running_mean.reshape(-1, 1, 1), running_var.reshape(-1, 1, 1)
        new_mean, new_var = running_mean, running_var
    std = np.sqrt(var + eps)
    xhat = (x - mean) / std
    out = ch(gamma) * xhat + ch(beta)
    cache = (xhat, gamma, std, training)
    return out, cache, new_mean, new_var


def batchnorm2d_backward(dout, cache):
    xhat, gamma, std, training = cache
    dout = np.asarray(dout, dtype=np.float64)
    dgamma = (dout * xhat).sum(axis=(0, 2, 3))
    dbeta = dout.sum(axis=(0, 2, 3))
    dxhat = dout * ch(gamma)
    if not training:
        return dxhat / std, dgamma, dbeta
    n = dout.shape[0]
    dx = (n * dxhat - dxhat.sum(axis=0) - xhat * (dxhat * xhat).sum(axis=0)) / (n * std)
    return dx, dgamma, dbeta


def dropout(x, p, training, rng):
    x = np.asarray(x, dtype=np.float64)
    if not training:
        return x, np.ones(x.shape, dtype=bool)
    mask = rng.random(x.shape) >= p
    if p == 1:
        return np.zeros(x.shape), mask
    return x * mask / (1 - p), mask
