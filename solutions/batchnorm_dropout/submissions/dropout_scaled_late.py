# /// answer
# mistake = "dropout-scaled-late"
# title = "Evaluation scales down instead of training up"
# hint = "Here training divides by 1 - p, so that evaluation has nothing to do."
# points = {batchnorm2d = 26, batchnorm2d_backward = 20, dropout = 0.166667}
# ///
import numpy as np


def ch(v):
    return v.reshape(1, -1, 1, 1)


def batchnorm2d(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    x = np.asarray(x, dtype=np.float64)
    if training:
        mean = x.mean(axis=(0, 2, 3))
        var = x.var(axis=(0, 2, 3))
        n = x.size // x.shape[1]
        new_mean = (1 - momentum) * running_mean + momentum * mean
        new_var = (1 - momentum) * running_var + momentum * var * n / (n - 1)
    else:
        mean, var = running_mean, running_var
        new_mean, new_var = running_mean, running_var
    std = np.sqrt(var + eps)
    xhat = (x - ch(mean)) / ch(std)
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
        return dxhat / ch(std), dgamma, dbeta
    n = dout.size // dout.shape[1]
    s1 = dxhat.sum(axis=(0, 2, 3))
    s2 = (dxhat * xhat).sum(axis=(0, 2, 3))
    dx = (n * dxhat - ch(s1) - xhat * ch(s2)) / (n * ch(std))
    return dx, dgamma, dbeta


def dropout(x, p, training, rng):
    x = np.asarray(x, dtype=np.float64)
    if not training:
        return x * (1 - p), np.ones(x.shape, dtype=bool)
    mask = rng.random(x.shape) >= p
    if p == 1:
        return np.zeros(x.shape), mask
    return x * mask, mask
