# /// answer
# mistake = "dropout-scaled-in-evaluation"
# title = "Evaluation scales the values"
# hint = "Scaling by 1 / (1 - p) in training is the whole correction: in evaluation x passes as it is."
# points = {batchnorm2d = 26, batchnorm2d_backward = 20, dropout = 11.166667}
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
        mean = x.sum(axis=(0, 2, 3)) / m
        var = ((x - ch(mean)) ** 2).sum(axis=(0, 2, 3)) / m
        new_mean = (1 - momentum) * running_mean + momentum * mean
        new_var = (1 - momentum) * running_var + momentum * var * m / max(m - 1, 1)
    else:
        mean, var = running_mean, running_var
        new_mean, new_var = running_mean, running_var
    inv = 1.0 / np.sqrt(var + eps)
    x_hat = (x - ch(mean)) * ch(inv)
    out = ch(gamma) * x_hat + ch(beta)
    cache = (x_hat, np.array(gamma, dtype=np.float64), inv, m, training)
    return out, cache, new_mean, new_var


def batchnorm2d_backward(dout, cache):
    x_hat, gamma, inv, m, training = cache
    dout = np.array(dout, dtype=np.float64)
    dgamma = np.sum(dout * x_hat, axis=(0, 2, 3))
    dbeta = np.sum(dout, axis=(0, 2, 3))
    dx_hat = dout * ch(gamma)
    if not training:
        return dx_hat * ch(inv), dgamma, dbeta
    s1 = dx_hat.sum(axis=(0, 2, 3), keepdims=True)
    s2 = (dx_hat * x_hat).sum(axis=(0, 2, 3), keepdims=True)
    dx = ch(inv) / m * (m * dx_hat - s1 - x_hat * s2)
    return dx, dgamma, dbeta


def dropout(x, p, training, rng):
    x = np.asarray(x, dtype=np.float64)
    if not training:
        return x / (1 - p), np.ones(x.shape, dtype=bool)
    mask = rng.random(x.shape) >= p
    if p == 1:
        return np.zeros(x.shape), np.zeros(x.shape, dtype=bool)
    return x * mask / (1 - p), mask
