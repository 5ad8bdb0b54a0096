# /// answer
# mistake = "axes-pixels-only"
# title = "Each image has statistics of its own"
# hint = "That is instance normalisation: BatchNorm takes one mean per channel over the whole batch, axis=(0, 2, 3)."
# points = {batchnorm2d = 11.233333, batchnorm2d_backward = 8.1, dropout = 14}
# ///
import numpy as np

AX = (0, 2, 3)


def batchnorm2d(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    n, c, h, w = x.shape
    if training:
        x = np.asarray(x, dtype=np.float64)
        mean, var = x.mean(axis=(2, 3), keepdims=True), x.var(axis=(2, 3), keepdims=True)
        xhat = (x - mean) / np.sqrt(var + eps)
        out = xhat * np.reshape(gamma, (1, c, 1, 1)) + np.reshape(beta, (1, c, 1, 1))
        rm = (1 - momentum) * np.asarray(running_mean) + momentum * mean.mean(axis=(0, 2, 3))
        rv = (1 - momentum) * np.asarray(running_var) + momentum * var.mean(axis=(0, 2, 3))
        return out, {"xhat": xhat.transpose(1, 0, 2, 3).reshape(c, -1), "std": np.sqrt(var.mean(axis=(0, 2, 3)) + eps), "gamma": np.asarray(gamma, float), "training": True, "shape": (c, n, h, w)}, rm, rv
    flat = np.asarray(x, dtype=np.float64).transpose(1, 0, 2, 3).reshape(c, -1)
    rm = np.asarray(running_mean, dtype=np.float64).copy()
    rv = np.asarray(running_var, dtype=np.float64).copy()
    count = flat.shape[1]
    if training:
        mean = flat.mean(axis=1)
        var = flat.var(axis=1)
        rm = (1 - momentum) * rm + momentum * mean
        rv = (1 - momentum) * rv + momentum * flat.var(axis=1, ddof=1)
    else:
        mean, var = rm, rv
    std = np.sqrt(var + eps)
    xhat = (flat - mean[:, None]) / std[:, None]
    g = np.asarray(gamma, dtype=np.float64)
    out = xhat * g[:, None] + np.asarray(beta, dtype=np.float64)[:, None]
    cache = {"xhat": xhat, "std": std, "gamma": g.copy(), "training": training, "shape": (c, n, h, w)}
    return out.reshape(c, n, h, w).transpose(1, 0, 2, 3), cache, rm, rv


def batchnorm2d_backward(dout, cache):
    shape = cache["shape"]
    d = np.asarray(dout, dtype=np.float64).transpose(1, 0, 2, 3).reshape(shape[0], -1)
    xhat = cache["xhat"]
    dgamma = (d * xhat).sum(axis=1)
    dbeta = d.sum(axis=1)
    dxhat = d * cache["gamma"][:, None]
    if cache["training"]:
        dx = (dxhat - dxhat.mean(axis=1, keepdims=True) - xhat * (dxhat * xhat).mean(axis=1, keepdims=True)) / cache["std"][:, None]
    else:
        dx = dxhat / cache["std"][:, None]
    return dx.reshape(shape).transpose(1, 0, 2, 3), dgamma, dbeta


def dropout(x, p, training, rng):
    out = np.array(x, dtype=np.float64)
    mask = np.ones(out.shape, dtype=bool)
    if training:
        mask = rng.uniform(size=out.shape) >= p
        out[~mask] = 0
        if p < 1:
            out /= 1 - p
    return out, mask
