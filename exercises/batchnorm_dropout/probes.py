"""What has to run beside your module: forward and backward in one go, so that the cache never leaves your process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import batchnorm_dropout as submission  # when this file runs, the name holds your module

NOT_FOUR = "batchnorm2d gave no (out, cache, new_mean, new_var)"


def backward(dout: np.ndarray, *forward: Any, **options: Any) -> Any:
    """The result of batchnorm2d_backward(dout, cache) after batchnorm2d(*forward, **options)."""
    found, cache = _cache(forward, options)
    return submission.batchnorm2d_backward(dout, cache) if found else NOT_FOUR


def backward_of_first(dout: np.ndarray, first: tuple[Any, ...], second: tuple[Any, ...]) -> Any:
    """The result of the backward pass with the first of two caches, the other made after it."""
    found, cache = _cache(first, {})
    _cache(second, {})
    return submission.batchnorm2d_backward(dout, cache) if found else NOT_FOUR


def backward_twice(dout: np.ndarray, *forward: Any) -> Any:
    """(dout after two backward passes with one cache, the result of the first, the result of the second)."""
    found, cache = _cache(forward, {})
    if not found:
        return NOT_FOUR
    # Copies: the second pass may write into what the first one returned.
    first = [np.array(part) for part in submission.batchnorm2d_backward(dout, cache)]
    return dout, first, submission.batchnorm2d_backward(dout, cache)


def dropout_twice(x: np.ndarray, p: float, seed: int) -> Any:
    """The results of two calls of dropout in training, with one generator."""
    rng = np.random.default_rng(seed)
    return submission.dropout(x, p, True, rng), submission.dropout(x, p, True, rng)


def dropout_input(x: np.ndarray, p: float, training: bool, seed: int) -> Any:
    """What x holds after a call of dropout."""
    submission.dropout(x, p, training, np.random.default_rng(seed))
    return x


def _cache(arguments: tuple[Any, ...], options: dict[str, Any]) -> tuple[bool, Any]:
    """Whether batchnorm2d gave four values, and the second of them."""
    result = submission.batchnorm2d(*arguments, **options)
    try:
        _, cache, _, _ = result
    except (TypeError, ValueError):
        return False, None
    return True, cache
