"""Random logits and classes for the hidden checks."""

from __future__ import annotations

import numpy as np


def scores(seed, shape, scale=0.7):
    """Random logits; with this scale no class is unlikely, and a small number added to a probability does not show."""
    return np.random.default_rng(seed).normal(0.5, scale, shape)


def classes(seed, n, k):
    """Random classes, the first and the last among them; small batches hold none of the last."""
    y = np.random.default_rng(seed).integers(0, k - 1, n)
    if n >= k:
        y[0] = k - 1
        y[-1] = 0
    return y.astype(np.int64)


def batch(seed, n, k, scale=0.7, offset=0.0):
    """Random logits and classes."""
    return scores(seed, (n, k), scale) + offset, classes(seed, n, k)


KINDS = ("integers", "uint8", "float32")


def kinds(seed, shape):
    """Scores in other dtypes; float32 holds quarters, which it holds exactly."""
    rng = np.random.default_rng(seed)
    return (
        rng.integers(-1, 2, shape),
        rng.integers(254, 256, shape, dtype=np.uint8),
        (rng.integers(-4, 5, shape) / 4).astype(np.float32),
    )
