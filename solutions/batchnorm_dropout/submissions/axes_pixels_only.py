# /// answer
# mistake = "axes-pixels-only"
# title = "Each image has statistics of its own"
# hint = "That is instance normalisation: BatchNorm takes one mean per channel over the whole batch, axis=(0, 2, 3)."
# points = {batchnorm2d = 13.9, batchnorm2d_backward = 8.1, dropout = 14}
# ///
import numpy as np


def ch(v):
    return v.reshape(1, -1, 1, 1)


def batchnorm2d(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    x = np.asarray(x, dtype=np.float64)
    if training:
        mean = x.mean(axis=(2, 3), keepdims=True)
        var = x.var(axis=(2, 3), keepdims=True)
        n = x.shape[2] * x.shape[3]
        new_mean = (1 - momentum) * running_mean + momentum * mean.mean(axis=0).ravel()
        new_var = (1 - momentum) * running_var + momentum * var.mean(axis=0).ravel() * n / max(n - 1, 1)
    else:
        mean, var = ch(running_mean), ch(running_var)
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
    m1 = dxhat.mean(axis=(2, 3), keepdims=True)
    m2 = (dxhat * xhat).mean(axis=(2, 3), keepdims=True)
    return (dxhat - m1 - xhat * m2) / std, dgamma, dbeta


def dropout(x, p, training, rng):
    x = np.asarray(x, dtype=np.float64)
    if not training:
        return x, np.ones(x.shape, dtype=bool)
    mask = rng.random(x.shape) >= p
    if p == 1:
        return np.zeros(x.shape), mask
    return x * mask / (1 - p), mask
