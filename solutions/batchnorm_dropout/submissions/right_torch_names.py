# /// answer
# right = true
# ///
import numpy as np


def batchnorm2d(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    input = x.astype("float64")
    shape = (1, -1, 1, 1)
    if not training:
        invstd = 1.0 / np.sqrt(running_var + eps)
        weight = gamma * invstd
        bias = beta - running_mean * weight
        output = input * weight.reshape(shape) + bias.reshape(shape)

        def backward(grad):
            centred = input - running_mean.reshape(shape)
            return (grad * weight.reshape(shape),
                    (grad * centred).sum((0, 2, 3)) * invstd,
                    grad.sum((0, 2, 3), dtype=float))

        return output, backward, running_mean, running_var

    count = input[:, 0].size
    mean = input.mean((0, 2, 3), keepdims=True)
    var = input.var((0, 2, 3), keepdims=True)
    invstd = 1.0 / np.sqrt(var + eps)
    normed = (input - mean) * invstd
    output = normed * gamma.reshape(shape) + beta.reshape(shape)

    def backward(grad):
        g = grad * gamma.reshape(shape)
        d = g - g.mean((0, 2, 3), keepdims=True, dtype=float)
        d = d - normed * (d * normed).mean((0, 2, 3), keepdims=True)
        return d * invstd, (grad * normed).sum((0, 2, 3)), grad.sum((0, 2, 3), dtype=float)

    bessel = count / (count - 1) if count > 1 else 1.0
    return (output, backward,
            momentum * mean.ravel() + (1 - momentum) * running_mean,
            momentum * bessel * var.ravel() + (1 - momentum) * running_var)


def batchnorm2d_backward(dout, cache):
    return cache(dout)


def dropout(x, p, training, rng):
    drop = np.zeros(x.size, dtype=bool)
    if training:
        drop = rng.random(x.size, dtype=np.float32) < p
    drop = drop.reshape(x.shape)
    scale = 1 / (1 - p) if training and p < 1 else 1.0
    out = np.multiply(x, scale, dtype=np.float64)
    out[drop] = 0
    return out, ~drop
