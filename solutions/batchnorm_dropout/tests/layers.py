"""The layers that the hidden checks go through, forward and backward, with what the oracle says, once a session."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import oracle


class Layer(NamedTuple):
    """One call of ``batchnorm2d``, an upstream gradient for it, and the results of both passes."""

    args: tuple[Any, ...]
    options: dict[str, Any]
    dout: np.ndarray
    out: np.ndarray
    new_mean: np.ndarray
    new_var: np.ndarray
    dx: np.ndarray
    dgamma: np.ndarray
    dbeta: np.ndarray


def layer(seed: int, shape: tuple[int, ...], training: bool = True, x: Any = None, **options: Any) -> Layer:
    """A layer with random numbers in everything; the channels differ in mean and spread."""
    rng = np.random.default_rng(seed)
    c = shape[1]
    if x is None:
        x = rng.normal(size=shape) * rng.uniform(0.3, 2, (c, 1, 1)) + rng.normal(size=(c, 1, 1))
    gamma, beta = rng.uniform(0.5, 2, c) * rng.choice([-1, 1], c), rng.normal(size=c)
    return with_numbers(x, gamma, beta, rng.normal(size=c), rng.uniform(0.2, 3, c), training, seed, options)


def with_numbers(
    x: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    running_mean: np.ndarray,
    running_var: np.ndarray,
    training: bool,
    seed: int,
    options: dict[str, Any],
) -> Layer:
    """A layer with these numbers and a random upstream gradient."""
    args = (x, gamma, beta, running_mean, running_var, training)
    dout = np.random.default_rng(seed + 1000).normal(size=x.shape) + 0.3
    forward = oracle.batchnorm2d(*args, **options)
    return Layer(args, options, dout, *forward, *oracle.batchnorm2d_backward(dout, *args, **options))


# With momentum 0 the running statistics stay what they were: whoever gets the output wrong gives one answer,
# however the running statistics were thought of. They have cases of their own.
BATCH = layer(1, (2, 4, 3, 5), momentum=0.0)
EVALUATION = layer(2, (2, 4, 3, 5), training=False)
ONE_IMAGE = layer(3, (1, 3, 4, 2), momentum=0.0)
# As many channels as columns, rows or images: per-channel numbers along another axis go unnoticed elsewhere.
CHANNELS_AS_COLUMNS = layer(4, (3, 4, 2, 4), momentum=0.0)
CHANNELS_AS_ROWS = layer(5, (2, 3, 3, 5), momentum=0.0)
CHANNELS_AS_IMAGES = layer(6, (5, 5, 2, 3), momentum=0.0)
SINGLE_PIXELS = layer(7, (6, 3, 1, 1), momentum=0.0)
TWO_VALUES = layer(8, (1, 2, 1, 2), momentum=0.0)
ONE_CHANNEL = layer(9, (3, 1, 2, 1), momentum=0.0)
# An eps that is as large as the variance shows where it is added.
LARGE_EPS = layer(10, (2, 3, 4, 2), eps=0.75, momentum=0.0)
TINY_VARIANCE = layer(11, (2, 3, 2, 4), x=1e-3 * np.random.default_rng(11).normal(size=(2, 3, 2, 4)), momentum=0.0)
MOVING = layer(1, (2, 4, 3, 5))
MOMENTA = {
    "six_values": layer(7, (6, 3, 1, 1)),
    "most_of_it": layer(22, (2, 3, 2, 4), momentum=0.75),
    "all_of_it": layer(23, (2, 3, 2, 4), momentum=1.0),
    "nothing": layer(24, (2, 3, 2, 4), momentum=0.0),
}
EVALUATION_COLUMNS = layer(12, (2, 4, 3, 4), training=False, eps=0.5)
EVALUATION_PIXEL = layer(13, (1, 3, 1, 1), training=False)
GAMMA_ZERO = with_numbers(
    np.random.default_rng(14).normal(size=(2, 4, 3, 2)),
    np.array([0.0, -1.5, 2.0, 0.0]),
    np.array([1.0, 0.0, -2.0, 0.5]),
    np.zeros(4),
    np.ones(4),
    True,
    14,
    {"momentum": 0.0},
)
CONSTANT_CHANNEL = layer(
    15, (2, 3, 2, 2), x=np.arange(24.0).reshape(2, 3, 2, 2) * np.array([0, 1, -1])[:, None, None], momentum=0.0
)
ZERO_RUNNING_VARIANCE = with_numbers(
    np.random.default_rng(16).normal(size=(2, 2, 1, 3)),
    np.array([1.5, -1]),
    np.array([0.5, 2]),
    np.array([0.25, -0.5]),
    np.array([0.0, 0.5]),
    False,
    16,
    {"eps": 0.25},
)


def whole(seed: int, low: int, high: int, dtype: str, *shape: int) -> np.ndarray:
    """Random integers in ``dtype``."""
    return np.random.default_rng(seed).integers(low, high, shape).astype(dtype)


INTEGERS = with_numbers(
    whole(17, -9, 10, "int64", 2, 3, 4, 2),
    np.array([2, -1, 3]),
    np.array([1, 0, -4]),
    np.array([1, -2, 0]),
    np.array([4, 9, 1]),
    True,
    17,
    {"momentum": 0.0},
)
UINT8 = layer(18, (2, 3, 2, 4), x=whole(18, 0, 256, "uint8", 2, 3, 2, 4), momentum=0.0)
# All of it float32: nothing but the submission makes the result float64.
FLOAT32 = with_numbers(
    (whole(19, -40, 40, "int64", 3, 2, 2, 4) / 4).astype("float32"),
    np.array([1.5, -0.75], dtype="float32"),
    np.array([0.25, -2], dtype="float32"),
    np.array([-1, 0.5], dtype="float32"),
    np.array([2, 0.25], dtype="float32"),
    True,
    19,
    {"momentum": 0.0},
)
EVALUATION_INTEGERS = layer(20, (2, 3, 4, 2), training=False, x=whole(20, -9, 10, "int64", 2, 3, 4, 2))
EVALUATION_FLOAT32 = layer(
    21, (2, 3, 4, 2), training=False, x=(whole(21, -40, 40, "int64", 2, 3, 4, 2) / 4).astype("float32")
)
