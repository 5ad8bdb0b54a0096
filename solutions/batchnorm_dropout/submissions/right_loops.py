# /// answer
# right = true
# ///
import math

import numpy as np


def batchnorm2d(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    x = x.astype(float)
    N, C, H, W = x.shape
    out = np.zeros((N, C, H, W))
    new_mean = np.zeros(C)
    new_var = np.zeros(C)
    cache = []
    for c in range(C):
        values = [float(v) for v in x[:, c].flatten()]
        m = len(values)
        if training:
            mean = sum(values) / m
            squares = sum((v - mean) ** 2 for v in values)
            var = squares / m
            new_mean[c] = (1 - momentum) * running_mean[c] + momentum * mean
            new_var[c] = (1 - momentum) * running_var[c]
            if m > 1:
                new_var[c] += momentum * squares / (m - 1)
        else:
            mean, var = running_mean[c], running_var[c]
            new_mean[c], new_var[c] = mean, var
        std = math.sqrt(var + eps)
        hat = (x[:, c] - mean) / std
        out[:, c] = gamma[c] * hat + beta[c]
        cache.append((hat, std, gamma[c], training))
    return out, cache, new_mean, new_var


def batchnorm2d_backward(dout, cache):
    C = len(cache)
    dx = np.zeros(dout.shape)
    dgamma, dbeta = np.zeros(C), np.zeros(C)
    for c, (hat, std, g, training) in enumerate(cache):
        d = dout[:, c].astype(float)
        dbeta[c] = d.sum()
        dgamma[c] = (d * hat).sum()
        dhat = d * g
        if training:
            m = d.size
            dx[:, c] = (m * dhat - dhat.sum() - hat * (dhat * hat).sum()) / (m * std)
        else:
            dx[:, c] = dhat / std
    return dx, dgamma, dbeta


def dropout(x, p, training, rng):
    x = x.astype(float)
    out = np.zeros(x.shape)
    mask = np.ones(x.shape, dtype=bool)
    for i in np.ndindex(x.shape):
        if training and rng.uniform() < p:
            mask[i] = False
        elif training:
            out[i] = x[i] / (1 - p)
        else:
            out[i] = x[i]
    return out, mask
