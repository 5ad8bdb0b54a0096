"""Batch normalisation, forward and backward, and dropout: two layers that behave differently in training and in use.

Letters: N images, C channels, H×W pixels, m = N*H*W values in a channel of the batch.
Results are float64 whatever goes in (integers and float32 too), and no argument is ever changed.
"""

from __future__ import annotations

from typing import Any

import numpy as np


### BEGIN SOLUTION
def _channels(values: np.ndarray) -> np.ndarray:
    """(C,) as (C, 1, 1), so that it lies along the channels and not along the width."""
    return values.reshape(-1, 1, 1)


### END SOLUTION


def batchnorm2d(
    x: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    running_mean: np.ndarray,
    running_var: np.ndarray,
    training: bool,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> tuple[np.ndarray, Any, np.ndarray, np.ndarray]:
    """Normalise each channel, then stretch it by ``gamma`` and shift it by ``beta``.

    ::

        out = gamma * (x - mean) / sqrt(var + eps) + beta           mean, var, gamma, beta: one number per channel

    In training, ``mean`` and ``var`` are those of the batch, over all images and all pixels of a channel, and ``var``
    is the biased variance: the sum of squares divided by m. The running statistics follow, ``momentum`` being the
    weight of the *new* value, and the variance that goes into them is the unbiased one, divided by m - 1::

        new_mean = (1 - momentum) * running_mean + momentum * (mean of the batch)
        new_var  = (1 - momentum) * running_var  + momentum * (unbiased variance of the batch)

    In evaluation, ``mean`` and ``var`` are ``running_mean`` and ``running_var`` as they come in, and they are also
    what is handed back as ``new_mean`` and ``new_var``: the batch leaves no trace.

    Args:
        x: (N, C, H, W), any number type.
        gamma: (C,), the scales; any sign, and 0 is allowed.
        beta: (C,), the shifts.
        running_mean: (C,); not changed, the update is returned.
        running_var: (C,), 0 or more; not changed either.
        training: True in training, False in evaluation.
        momentum: 0 to 1, what share of a running statistic one batch replaces.
        eps: added to the variance, under the root.

    Returns:
        The tuple (out, cache, new_mean, new_var): out is (N, C, H, W), new_mean and new_var are (C,), all float64.
        ``cache`` is your own: whatever ``batchnorm2d_backward`` needs, in any form.
        What a training batch with m = 1 gives is up to you.

    Example, one channel of four values, training, eps = 1::

        x = 5, 1, 1, 1       mean 2, squares 9 + 1 + 1 + 1 = 12, biased variance 12 / 4 = 3, unbiased 12 / 3 = 4

        out     = gamma * (3, -1, -1, -1) / sqrt(3 + 1) + beta     = 13, 9, 9, 9      with gamma = 2, beta = 10
        new_var = 0.75 * 0 + 0.25 * 4                              = 1                with momentum = 0.25
    """
    ### BEGIN SOLUTION
    x = x.astype(np.float64)
    if training:
        m = x.size / x.shape[1]
        mean = x.mean(axis=(0, 2, 3))
        var = x.var(axis=(0, 2, 3))
        unbiased = var * m / max(m - 1, 1)
        new_mean = (1 - momentum) * running_mean + momentum * mean
        new_var = (1 - momentum) * running_var + momentum * unbiased
    else:
        mean, var = running_mean.astype(np.float64), running_var.astype(np.float64)
        new_mean, new_var = mean, var
    scale = 1 / np.sqrt(var + eps)
    xhat = (x - _channels(mean)) * _channels(scale)
    out = _channels(gamma) * xhat + _channels(beta)
    return out, (xhat, gamma, scale, training), new_mean, new_var
    ### END SOLUTION


def batchnorm2d_backward(dout: np.ndarray, cache: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The gradients of ``sum(dout * out)`` for the call of ``batchnorm2d`` that gave ``cache``.

    After a training call, the mean and the variance are functions of ``x``: each value of a channel moves every
    output of this channel, and ``dx`` counts all of these ways. After an evaluation call the running statistics are
    constants, and each value moves its own output alone. ``dgamma`` and ``dbeta`` are sums over images and pixels.

    Args:
        dout: (N, C, H, W), the gradient with respect to ``out``, any number type.
        cache: what ``batchnorm2d`` returned, of any earlier call. It is not used up: a second call gives the same.

    Returns:
        The tuple (dx, dgamma, dbeta): dx is (N, C, H, W), dgamma and dbeta are (C,), all float64.

    Example, the channel of ``batchnorm2d`` (training, eps = 1, gamma = 2), where xhat = 1.5, -0.5, -0.5, -0.5::

        dout = 4, 0, 0, 8     dbeta = 12     dgamma = 4*1.5 + 8*(-0.5) = 2     dx = 0.25, -2.75, -2.75, 5.25

    After an evaluation call with running_mean = 1 and running_var = 15 (a root of 4)::

        dout = 4, 0, 0, 8     dbeta = 12     dgamma = 4*1 + 8*0 = 4            dx = 2, 0, 0, 4
    """
    ### BEGIN SOLUTION
    xhat, gamma, scale, training = cache
    axes = (0, 2, 3)
    dout = dout.astype(np.float64)
    dbeta = dout.sum(axis=axes)
    dgamma = (dout * xhat).sum(axis=axes)
    dx = dout
    if training:
        m = dout.size / dout.shape[1]
        dx = dout - _channels(dbeta / m) - xhat * _channels(dgamma / m)
    return dx * _channels(gamma * scale), dgamma, dbeta
    ### END SOLUTION


def dropout(x: np.ndarray, p: float, training: bool, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Set elements to 0 at random and scale up the others, so that the expected value of each stays what it was.

    In training, each element of ``x`` is dropped with probability ``p``, independently of all others, and what is
    kept is divided by ``1 - p``. In evaluation nothing happens: nothing is dropped and nothing is scaled.

    Args:
        x: of any shape, any number type.
        p: the probability to *drop*, 0 to 1, both included. With 1 everything is 0.
        training: True in training, False in evaluation.
        rng: the only source of chance: the same generator in the same state gives the same mask, and the next call
            with this generator draws another one. In which way you draw from it is up to you.

    Returns:
        The tuple (out, mask), both of the shape of ``x``: out is float64, mask is boolean, True where an element was
        kept; in evaluation it is True everywhere. ``x`` is not changed.

    Example, p = 0.5::

        x = 1, 2, 3, 4      mask = True, False, True, True  (say)      out = 2, 0, 6, 8
    """
    ### BEGIN SOLUTION
    x = x.astype(np.float64)
    if not training:
        return x, np.ones(x.shape, dtype=bool)
    mask = rng.random(x.shape) >= p
    scale = 1 / (1 - p) if p < 1 else 0.0
    return np.where(mask, x * scale, 0.0), mask
    ### END SOLUTION
