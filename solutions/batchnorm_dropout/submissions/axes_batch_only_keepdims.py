# /// answer
# mistake = "axes-batch-only"
# title = "Each pixel has statistics of its own"
# hint = "A channel's mean runs over images *and* pixels: axis=(0, 2, 3), not axis=0."
# points = {batchnorm2d = 6.983333, batchnorm2d_backward = 6.166667, dropout = 14}
# ///
import numpy as np


def batchnorm2d(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    x = np.asarray(x, float)
    gamma, beta = np.asarray(gamma, float), np.asarray(beta, float)
    old_m, old_v = np.asarray(running_mean, float), np.asarray(running_var, float)
    axes = (0, 2, 3)
    if training:
        mu = np.mean(x, axis=0, keepdims=True)
        var = np.var(x, axis=0, keepdims=True)
        m = x.shape[0] * x.shape[2] * x.shape[3]
        bessel = m / (m - 1) if m > 1 else 1
        new_m = old_m * (1 - momentum) + momentum * mu
        new_v = old_v * (1 - momentum) + momentum * bessel * var
    else:
        mu, var = old_m[None, :, None, None], old_v[None, :, None, None]
        new_m, new_v = old_m.copy(), old_v.copy()
    std = np.sqrt(var + eps)
    z = (x - mu) / std
    out = z * gamma[None, :, None, None] + beta[None, :, None, None]
    return out, {"z": z, "std": std, "gamma": gamma, "training": training}, new_m, new_v


def batchnorm2d_backward(dout, cache):
    z, std, gamma = cache["z"], cache["std"], cache["gamma"]
    dout = np.asarray(dout, float)
    axes = (0, 2, 3)
    dbeta = dout.sum(axis=axes)
    dgamma = (dout * z).sum(axis=axes)
    dz = dout * gamma[None, :, None, None]
    if cache["training"]:
        dz = dz - dz.mean(axis=axes, keepdims=True) - z * (dz * z).mean(axis=axes, keepdims=True)
    return dz / std, dgamma, dbeta


def dropout(x, p, training, rng):
    x = np.asarray(x, float)
    if training:
        mask = rng.random(x.shape) > p if p < 1 else np.zeros(x.shape, bool)
        if p == 0:
            mask[...] = True
        keep = 1 - p
        out = np.zeros_like(x)
        out[mask] = x[mask] / keep
        return out, mask
    return x + 0.0, np.ones_like(x, dtype=bool)
