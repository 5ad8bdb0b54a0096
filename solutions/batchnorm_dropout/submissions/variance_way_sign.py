# /// answer
# mistake = "variance-way-sign"
# title = "the way through the variance has the wrong sign"
# hint = "1/sqrt(v) falls as v grows: its slope is -1/2 * v**(-3/2)."
# points = {batchnorm2d = 26, batchnorm2d_backward = 11, dropout = 14}
# ///
import numpy as np


class BN:
    def __init__(self, x, gamma, mean, var, eps, training):
        self.x, self.gamma, self.mean, self.var, self.eps, self.training = x, gamma, mean, var, eps, training
        self.inv = (var + eps) ** -0.5
    def backward(self, dout):
        s = (0, 2, 3)
        b = lambda v: v[None, :, None, None]
        m = dout[:, 0].size
        centred = self.x - b(self.mean)
        dbeta = dout.sum(axis=s)
        dgamma = (dout * centred * b(self.inv)).sum(axis=s)
        dxhat = dout * b(self.gamma)
        if not self.training:
            return dxhat * b(self.inv), dgamma, dbeta
        dvar = (dxhat * centred).sum(axis=s) * 0.5 * self.inv ** 3
        dmean = -(dxhat.sum(axis=s)) * self.inv + dvar * -2 * centred.mean(axis=s)
        dx = dxhat * b(self.inv) + b(dvar) * 2 * centred / m + b(dmean) / m
        return dx, dgamma, dbeta


def batchnorm2d(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    x = np.array(x, dtype=float)
    gamma = np.array(gamma, dtype=float)
    rm, rv = np.array(running_mean, dtype=float), np.array(running_var, dtype=float)
    mean, var = rm, rv
    if training:
        m = x[:, 0].size
        mean = x.sum(axis=(0, 2, 3)) / m
        ss = ((x - mean[:, None, None]) ** 2).sum(axis=(0, 2, 3))
        var = ss / m
        rm = rm + momentum * (mean - rm)
        rv = rv + momentum * (ss / max(m - 1, 1) - rv)
    layer = BN(x, gamma, mean, var, eps, training)
    out = gamma[:, None, None] * (x - mean[:, None, None]) * layer.inv[:, None, None] + beta[:, None, None]
    return out, layer, rm, rv


def batchnorm2d_backward(dout, cache):
    return cache.backward(dout.astype(np.float64))


def dropout(x, p, training, rng):
    keep = np.ones(x.shape, dtype=bool)
    if training:
        keep = rng.binomial(1, 1 - p, size=x.shape).astype(bool)
        factor = 0.0 if p == 1 else 1 / (1 - p)
        return x.astype(float) * keep * factor, keep
    return np.array(x, dtype=np.float64), keep
