# /// answer
# mistake = "gradients-swapped"
# title = "dbeta is returned before dgamma"
# hint = "The tuple is (dx, dgamma, dbeta)."
# points = {batchnorm2d = 26, batchnorm2d_backward = 6, dropout = 14}
# ///
import numpy as np

def col(v):
    return np.asarray(v, dtype=float)[None, :, None, None]

def batchnorm2d(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    data = np.array(x, dtype=float)
    count = data.shape[0] * data.shape[2] * data.shape[3]
    if training:
        mu = data.sum((0, 2, 3)) / count
        sq = ((data - col(mu)) ** 2).sum((0, 2, 3))
        v = sq / count
        nm = running_mean + momentum * (mu - running_mean)
        nv = running_var + momentum * (sq / (count - 1 or 1) - running_var)
    else:
        mu = np.array(running_mean, dtype=float)
        v = np.array(running_var, dtype=float)
        nm, nv = mu.copy(), v.copy()
    std = np.sqrt(v + eps)
    hat = (data - col(mu)) / col(std)
    out = hat * col(gamma) + col(beta)
    saved = {"hat": hat, "std": std, "gamma": np.array(gamma, dtype=float), "train": bool(training)}
    return out, saved, nm, nv

def batchnorm2d_backward(dout, cache):
    g = np.array(dout, dtype=float)
    hat, std, gamma = cache["hat"], cache["std"], cache["gamma"]
    dbeta = g.sum(axis=(0, 2, 3))
    dgamma = np.sum(g * hat, axis=(0, 2, 3))
    dhat = g * col(gamma)
    if not cache["train"]:
        dx = dhat / col(std)
    else:
        one = dhat.mean(axis=(0, 2, 3))
        two = (dhat * hat).mean(axis=(0, 2, 3))
        dx = (dhat - col(one) - hat * col(two)) / col(std)
    return dx, dbeta, dgamma

def dropout(x, p, training, rng):
    x = np.array(x, dtype=float)
    if not training:
        return x, np.ones(x.shape, dtype=bool)
    keep = rng.random(x.shape) >= p
    if p == 1:
        return np.zeros(x.shape), np.zeros(x.shape, dtype=bool)
    return np.where(keep, x, 0.0) / (1.0 - p), keep
