# /// answer
# mistake = "zero-gradient"
# title = "dx is zero in training"
# hint = "With an upstream gradient of ones the true dx is nearly zero, so such a test proves nothing: try a random dout."
# points = {batchnorm2d = 26, batchnorm2d_backward = 6, dropout = 14}
# ///
import numpy as np

AX = (0, 2, 3)


class Cache:
    __slots__ = ("back",)

    def __init__(self, back):
        self.back = back


def per_channel(v):
    return np.expand_dims(np.asarray(v, float), (1, 2))


def batchnorm2d(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    # Everything from sums and sums of squares; out is one affine map for each channel.
    x = x.astype(float)
    m = np.prod([x.shape[i] for i in AX])
    if training:
        s, q = x.sum(AX), (x * x).sum(AX)
        mean = s / m
        var = q / m - mean**2
        new_mean = running_mean + (mean - running_mean) * momentum
        new_var = running_var + ((q - s * mean) / (m - 1) - running_var) * momentum
    else:
        mean, var = running_mean, running_var
        new_mean, new_var = np.array(running_mean), np.array(running_var)
    std = np.sqrt(var + eps)
    a = gamma / std
    out = x * per_channel(a) + per_channel(beta - a * mean)

    def back(dout):
        d = dout.astype(float)
        db = d.sum(AX)
        dg = ((d * x).sum(AX) - mean * db) / std
        if not training:
            return d * per_channel(a), dg, db
        k = a * dg / std / m
        return per_channel(a) * d - per_channel(k) * x + per_channel(k * mean - a * db / m), dg, db

    return out, Cache(back), new_mean, new_var


def right_batchnorm2d_backward(dout, cache):
    return cache.back(dout)


def dropout(x, p, training, rng):
    y = np.array(x, dtype=float)
    m = np.ones(x.shape, bool)
    if training:
        flat = m.reshape(-1)
        for i in range(flat.size):
            flat[i] = not rng.random() < p
        y[~m] = 0
        if p < 1:
            y[m] /= 1 - p
    return y, m


def batchnorm2d_backward(dout, cache):
    a, b, c = right_batchnorm2d_backward(dout, cache)
    return np.zeros(a.shape), b, c
