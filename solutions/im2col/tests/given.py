"""What the hidden checks of `im2col` hand over: arrays of every kind, views, and what the oracle says of each call."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import oracle
import pytest


class Case(NamedTuple):
    """One call with its result."""

    args: tuple[Any, ...]
    options: dict[str, Any]
    expected: np.ndarray


class ViewCase(NamedTuple):
    """One call whose first arguments are views, each given as (base, axes, index), with its result."""

    views: list[tuple[np.ndarray, list[int], list[slice]]]
    rest: tuple[Any, ...]
    options: dict[str, Any]
    expected: np.ndarray


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


def huge(seed: int, *shape: int) -> np.ndarray:
    """Random float64 of ``shape`` that float32 can't hold at all, where a rounding to it would stay within 1e-7."""
    return normal(seed, *shape) * 1e60


def unfold(x: np.ndarray, kernel: Any, **options: Any) -> Case:
    """``im2col(x, kernel, **options)`` and what it gives."""
    return Case((x, kernel), options, oracle.im2col(x, kernel, **options))


def fold(seed: int, x_shape: tuple[int, ...], kernel: Any, make: Any = normal, **options: Any) -> Case:
    """``col2im(cols, x_shape, kernel, **options)`` for random columns, and what it gives."""
    cols = make(seed, *oracle.im2col(np.zeros(x_shape), kernel, **options).shape)
    return Case((cols, x_shape, kernel), options, oracle.col2im(cols, x_shape, kernel, **options))


def layer(x: np.ndarray, w: np.ndarray, b: np.ndarray | None = None, **options: Any) -> Case:
    """``conv2d_im2col(x, w, b, **options)`` and what it gives; without a bias the call leaves ``b`` out."""
    return Case((x, w) if b is None else (x, w, b), options, oracle.conv2d_im2col(x, w, b, **options))


def view(base: np.ndarray, axes: str = "nchw", **cuts: slice) -> tuple[np.ndarray, list[int], list[slice]]:
    """``base``, whose axes are named in ``axes``, as a view with axes nchw (or nkl), cut along some of them."""
    order = [name for name in "nchwkl" if name in axes]
    return base, [axes.index(name) for name in order], [cuts.get(name, slice(None)) for name in order]


def viewed(function: Any, views: list[Any], *rest: Any, **options: Any) -> ViewCase:
    """``function(*views, *rest, **options)`` and what it gives."""
    arrays = [base.transpose(axes)[tuple(index)] for base, axes, index in views]
    return ViewCase(views, rest, options, function(*arrays, *rest, **options))


def cases(**named: Any) -> pytest.MarkDecorator:
    """Parametrise ``case`` over ``named``."""
    return pytest.mark.parametrize("case", list(named.values()), ids=list(named))


BACKWARDS = slice(None, None, -1)
EVERY_OTHER = slice(None, None, 2)

# A number that only went through float32 is still within 1e-7. im2col copies, and no right copy differs at all.
COPIED: Any = {"rtol": 1e-12, "atol": 1e-12}
