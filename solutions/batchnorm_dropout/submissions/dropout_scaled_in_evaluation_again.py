# /// answer
# mistake = "dropout-scaled-in-evaluation"
# title = "Evaluation scales the values"
# hint = "Scaling by 1 / (1 - p) in training is the whole correction: in evaluation x passes as it is."
# points = {batchnorm2d = 26, batchnorm2d_backward = 20, dropout = 11.333333}
# ///
import numpy as np


def _c(v):
    return np.asarray(v, dtype=np.float64)[None, :, None, None]


def batchnorm2d(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    x = np.asarray(x, dtype=np.float64)
    old_mean = np.array(running_mean, dtype=np.float64)
    old_var = np.array(running_var, dtype=np.float64)
    if training:
        m = x.size // x.shape[1]
        mu = np.einsum("nchw->c", x) / m
        d = x - _c(mu)
        var = np.einsum("nchw,nchw->c", d, d) / m
        new_mean = old_mean + momentum * (mu - old_mean)
        new_var = old_var + momentum * (var * m / (m - 1) - old_var)
    else:
        mu, var = old_mean, old_var
        new_mean, new_var = old_mean, old_var
    istd = (var + eps) ** -0.5
    xn = (x - _c(mu)) * _c(istd)
    out = xn * _c(gamma) + _c(beta)
    return out, (xn, istd, np.array(gamma, dtype=np.float64), bool(training)), new_mean, new_var


def batchnorm2d_backward(dout, cache):
    xn, istd, gamma, training = cache
    dout = np.asarray(dout, dtype=np.float64)
    dbeta = np.einsum("nchw->c", dout)
    dgamma = np.einsum("nchw,nchw->c", dout, xn)
    dx = dout * _c(gamma * istd)
    if training:
        m = dout.size // dout.shape[1]
        dx = dx - _c(gamma * istd / m) * (_c(dbeta) + xn * _c(dgamma))
    return dx, dgamma, dbeta


def dropout(x, p, training, rng):
    x = np.asarray(x, dtype=np.float64)
    if not training or p == 0:
        return x / (1 - p) if p < 1 else x, np.ones(x.shape, dtype=bool)
    mask = rng.random(x.shape) >= p
    if p >= 1:
        return np.zeros(x.shape), np.zeros(x.shape, dtype=bool)
    return np.where(mask, x / (1 - p), 0.0), mask
