"""Initialisation and loss: where training starts, and what it makes smaller.

Results are float64 whatever the dtype of the input (integers and float32 included). Arguments are never changed,
except that drawing from `rng` moves it on.
"""

from __future__ import annotations

import math

import numpy as np


def fan_in_out(shape: tuple[int, ...]) -> tuple[int, int]:
    """How many connections lead into one output of a layer, and out of one input.

        fan_in  = in  * (cells of the kernel)
        fan_out = out * (cells of the kernel)

    Args:
        shape: the shape of the layer's weights, a tuple of two or more ints. (out, in) for a dense layer, as in torch;
            (F, C, kH, kW) for a convolution of C channels into F. The first two axes are always (out, in), all others
            belong to the kernel, however many there are: one for a 1-D convolution, three for a 3-D one.
            Fewer than two axes: left open.

    Returns:
        The tuple (fan_in, fan_out) of two ints (Python's or NumPy's), never floats.

    Example:
        >>> fan_in_out((10, 4))
        (4, 10)
        >>> fan_in_out((8, 3, 5, 2))
        (30, 80)
    """
    raise NotImplementedError("init_and_loss: fan_in_out")


def he_normal(shape: tuple[int, ...], rng: np.random.Generator, mode: str = "fan_in") -> np.ndarray:
    """Random weights for a layer followed by a ReLU: independent, normal, mean 0, variance 2 / fan.

    Args:
        shape: the shape of the weights, as in `fan_in_out`.
        rng: a NumPy Generator. Every random number comes from it: two generators with one seed give equal weights, two
            seeds give different ones, and so do two calls with one and the same generator. Which of its methods you
            call, and in which order the weights are drawn, is up to you. NumPy's global generator (np.random.normal,
            np.random.seed and so on) is neither used nor changed.
        mode: "fan_in", which keeps the size of the signal from layer to layer, or "fan_out", which keeps the size of
            the gradient. Anything else: left open.

    Returns:
        float64 of shape `shape`. Plain normal numbers, as drawn: nothing is cut off, drawn again, or adjusted to make
        the mean of these very weights exactly 0.

    Example:
        >>> w = he_normal((500, 200), np.random.default_rng(1))
        >>> w.shape, round(float(w.std()), 2)  # sqrt(2 / 200) = 0.1
        ((500, 200), 0.1)
    """
    raise NotImplementedError("init_and_loss: he_normal")


def log_softmax(z: np.ndarray) -> np.ndarray:
    """The logarithm of the softmax of each row.

        out[n, k] = z[n, k] - log(sum over j of exp(z[n, j]))

    Args:
        z: (N, K), any real dtype: one row of K scores for each of N samples. Scores may be as large as 1000 or 10000,
            of either sign, and far apart: the result is exact then, too, and neither infinite nor NaN.

    Returns:
        float64 of shape (N, K). The exponentials of each row sum to 1.

    Example:
        >>> log_softmax(np.array([[1000, 1000], [0, -2000]]))  # -0.693 is -log(2)
        array([[-6.93147181e-01, -6.93147181e-01],
               [ 0.00000000e+00, -2.00000000e+03]])
    """
    raise NotImplementedError("init_and_loss: log_softmax")


def cross_entropy(logits: np.ndarray, y: np.ndarray, label_smoothing: float = 0.0) -> tuple[float, np.ndarray]:
    """The mean cross-entropy of a batch, and its gradient with respect to the logits.

        target[n, k] = (1 - e) * (1 if k == y[n] else 0) + e / K        with e = label_smoothing
        loss         = -(1 / N) * sum over n, k of target[n, k] * log_softmax(logits)[n, k]

    With e = 0 this is the mean of -log(probability of the true class).

    Args:
        logits: (N, K), any real dtype, as large as in `log_softmax`.
        y: (N,) int64, the true class of each row, 0 to K - 1.
        label_smoothing: e, from 0 to 1, both included. It is shared out evenly among all K classes, the true one
            included, as in torch.

    Returns:
        The tuple (loss, dlogits). `loss` is one number, a float (Python's or NumPy's): the sum over classes, averaged
        over the N samples. `dlogits` is float64 of shape (N, K), the gradient of this very loss: of the mean, with the
        smoothed target.

    Example:
        >>> loss, dlogits = cross_entropy(np.log([[1.0, 3.0], [1.0, 1.0]]), np.array([1, 0]))
        >>> round(loss, 4)  # (-log(3/4) - log(1/2)) / 2
        0.4904
        >>> dlogits.round(4)
        array([[ 0.125, -0.125],
               [-0.25 ,  0.25 ]])
    """
    raise NotImplementedError("init_and_loss: cross_entropy")
