# /// answer
# right = true
# ///
import numpy as np


def _f(a): return a if a.dtype.kind == "f" else a.astype(float)


def batchnorm2d(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    x = _f(x); s = lambda v: np.asarray(v)[None, :, None, None]
    if training:
        mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3))
        n = x.size // x.shape[1]
        nm = (1 - momentum) * running_mean + momentum * mean
        nv = (1 - momentum) * running_var + momentum * var * n / max(n - 1, 1)
    else:
        mean, var = nm, nv = running_mean, running_var
    xhat = (x - s(mean)) / np.sqrt(s(var) + eps)
    inv = 1 / np.sqrt(var + eps)
    out = s(gamma) * xhat + s(beta)
    return out.astype(float), (xhat, inv, gamma, training), nm.astype(float), nv.astype(float)


def batchnorm2d_backward(dout, cache):
    xhat, inv, gamma, training = cache
    dout = _f(dout)
    ax = dict(axis=(0, 2, 3), keepdims=True)
    db, dg = dout.sum((0, 2, 3)), (dout * xhat).sum((0, 2, 3))
    d = dout
    if training:
        d = dout - dout.mean(**ax) - xhat * (dout * xhat).mean(**ax)
    return (d * (gamma * inv)[None, :, None, None]).astype(float), dg.astype(float), db.astype(float)


def dropout(x, p, training, rng):
    if not training: return x.astype(float), np.ones(x.shape, bool)
    mask = rng.random(x.shape) >= p
    if p == 1: return np.zeros(x.shape), mask
    return (_f(x) * mask * (1 / (1 - p))).astype(float), mask
