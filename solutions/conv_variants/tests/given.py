"""What the hidden checks of `conv_variants` hand over: arrays of every kind, and what the oracle says of each call."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import oracle
import pytest


class Call(NamedTuple):
    """One call of a task with its result."""

    args: tuple[Any, ...]
    options: dict[str, Any]
    expected: Any


def normal(seed: int, *shape: int) -> np.ndarray:
    """Random float64 of ``shape``."""
    return np.random.default_rng(seed).normal(size=shape)


def whole(seed: int, *shape: int) -> np.ndarray:
    """Random int64 in -9 … 9 of ``shape``."""
    return np.random.default_rng(seed).integers(-9, 10, size=shape)


def quarters(seed: int, *shape: int) -> np.ndarray:
    """Random float32 of ``shape`` in quarters: their products sum exactly, even in float32."""
    return (whole(seed, *shape) / 4).astype(np.float32)


def image(seed: int, *shape: int) -> np.ndarray:
    """Random uint8 of ``shape``, the full range of a stored picture."""
    return np.random.default_rng(seed).integers(0, 256, size=shape, dtype=np.uint8)


def grouped(x: np.ndarray, w: np.ndarray, b: np.ndarray | None = None, **options: Any) -> Call:
    """``conv2d_grouped(x, w, b, **options)`` and what it gives; without a bias the call leaves ``b`` out."""
    return Call((x, w) if b is None else (x, w, b), options, oracle.conv2d_grouped(x, w, b, **options))


def pointwise(*args: np.ndarray) -> Call:
    """``pointwise_conv(*args)`` and what it gives."""
    return Call(args, {}, oracle.pointwise_conv(*args))


def depthwise(x: np.ndarray, w: np.ndarray, **options: Any) -> Call:
    """``depthwise_conv2d(x, w, **options)`` and what it gives."""
    return Call((x, w), options, oracle.depthwise_conv2d(x, w, **options))


def separable(x: np.ndarray, dw: np.ndarray, pw: np.ndarray, **options: Any) -> Call:
    """``depthwise_separable(x, dw, pw, **options)`` and what it gives."""
    return Call((x, dw, pw), options, oracle.depthwise_separable(x, dw, pw, **options))


def cases(**named: Any) -> pytest.MarkDecorator:
    """Parametrise ``case`` over ``named``."""
    return pytest.mark.parametrize("case", list(named.values()), ids=list(named))
