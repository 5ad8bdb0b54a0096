# /// answer
# mistake = "dropout-keeps-p"
# title = "p is taken as the probability to keep"
# hint = "p is the share that is dropped: an element stays with probability 1 - p."
# points = {batchnorm2d = 26, batchnorm2d_backward = 20, dropout = 9}
# ///
import numpy as np


def batchnorm2d(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    x, gamma, beta, running_mean, running_var = (np.asarray(a).astype(np.float64) for a in (x, gamma, beta, running_mean, running_var))
    C = x.shape[1]
    out = np.empty(x.shape)
    new_mean, new_var = running_mean.copy(), running_var.copy()
    cache = []
    for c in range(C):
        plane = x[:, c]
        if training:
            mu = plane.mean()
            var = plane.var()
            new_mean[c] += momentum * (mu - running_mean[c])
            new_var[c] += momentum * (plane.var(ddof=1) - running_var[c])
        else:
            mu, var = running_mean[c], running_var[c]
        sigma = (var + eps) ** 0.5
        norm = (plane - mu) / sigma
        out[:, c] = gamma[c] * norm + beta[c]
        cache.append((norm, sigma, gamma[c], bool(training)))
    return out, cache, new_mean, new_var


def batchnorm2d_backward(dout, cache):
    dout = np.asarray(dout).astype(np.float64)
    dx = np.empty(dout.shape)
    dgamma, dbeta = np.empty(dout.shape[1]), np.empty(dout.shape[1])
    for c, (norm, sigma, scale, training) in enumerate(cache):
        g = dout[:, c]
        dgamma[c] = np.vdot(g, norm)
        dbeta[c] = g.sum()
        if training:
            dx[:, c] = scale / sigma * (g - g.mean() - norm * (g * norm).mean())
        else:
            dx[:, c] = scale / sigma * g
    return dx, dgamma, dbeta


def dropout(x, p, training, rng):
    mask = np.full(np.shape(x), True)
    if not training or p == 0:
        return np.array(x, dtype=np.float64), mask
    if p >= 1:
        return np.zeros(np.shape(x)), ~mask
    mask = rng.binomial(1, p, size=np.shape(x)).astype(bool)
    return np.where(mask, np.asarray(x, dtype=np.float64) / (1 - p), 0.0), mask
