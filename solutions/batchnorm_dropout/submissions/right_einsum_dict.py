# /// answer
# right = true
# ///
import numpy as np

AXES = (0, 2, 3)


def batchnorm2d(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    x = np.asarray(x, dtype=np.float64)
    n = x.shape[0] * x.shape[2] * x.shape[3]
    if training:
        mu = np.einsum("nchw->c", x) / n
        d = x - mu[None, :, None, None]
        ss = np.einsum("nchw,nchw->c", d, d)
        var = ss / n
        new_mean = running_mean + momentum * (mu - running_mean)
        new_var = running_var + momentum * (ss / (n - 1) - running_var)
    else:
        mu, var = running_mean, running_var
        d = x - mu[None, :, None, None]
        new_mean, new_var = running_mean, running_var
    std = np.sqrt(var + eps)
    out = np.einsum("c,nchw->nchw", gamma / std, d) + beta[None, :, None, None]
    cache = {"d": d, "std": std, "gamma": gamma, "n": n if training else None}
    return out, cache, new_mean, new_var


def batchnorm2d_backward(dout, cache):
    d, std, gamma, n = (cache[k] for k in ("d", "std", "gamma", "n"))
    dout = np.asarray(dout, dtype=np.float64)
    dbeta = np.einsum("nchw->c", dout)
    dgamma = np.einsum("nchw,nchw->c", dout, d) / std
    per = lambda v: v[None, :, None, None]
    dd = dout * per(gamma / std)
    if n is not None:
        # step by step through the graph: x -> d -> var -> std -> out
        dvar = np.einsum("nchw,nchw->c", dout, d) * gamma * -0.5 * std ** -3.0
        dd = dd + per(dvar) * 2 * d / n
        dd = dd - per(dd.mean(AXES))
    return dd, dgamma, dbeta


def dropout(x, p, training, rng):
    x = np.asarray(x, dtype=np.float64)
    if not training or p == 0:
        return x, np.full(x.shape, True)
    if p == 1:
        return np.zeros_like(x), np.full(x.shape, False)
    keep = rng.binomial(1, 1 - p, size=x.shape).astype(bool)
    return x * keep / (1 - p), keep
