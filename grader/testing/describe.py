"""Values in words: shapes, dtypes and small contents, never the text a submission chose."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.testing.proxies import Handle

SMALL = 12


def is_tensor(value: Any) -> bool:
    """Whether ``value`` is exactly a torch tensor (without importing torch)."""
    return type(value).__module__ == "torch" and type(value).__name__ == "Tensor"


def shape_words(shape: tuple[int, ...]) -> str:
    """``1×3×5×5``; ``()`` for a 0-d array."""
    return "×".join(str(n) for n in shape) or "()"


def type_words(value: Any) -> str:
    """The kind of ``value``: ``ndarray float64 2×3``, ``list``, ``None`` …"""
    if value is None:
        return "None"
    if is_tensor(value):
        return f"tensor {str(value.dtype).removeprefix('torch.')} {shape_words(tuple(value.shape))}"
    if type(value) is np.ndarray:
        return f"ndarray {value.dtype} {shape_words(value.shape)}"
    if isinstance(value, Handle):
        return "an object of another type"
    return type(value).__name__


def argument_words(value: Any) -> str:
    """An argument in a call: an array by shape, anything else by a short repr."""
    if is_tensor(value):
        return shape_words(tuple(value.shape))
    if type(value) is np.ndarray:
        if value.ndim == 1 and value.size <= 4:
            return np.array2string(value, separator=", ")
        return shape_words(value.shape)
    if isinstance(value, Handle):
        return "<object>"
    if isinstance(value, str | bytes):
        text = repr(value)
    elif isinstance(value, list | tuple):
        inner = ", ".join(argument_words(item) for item in value[:SMALL])
        if len(value) > SMALL:
            inner += ", …"
        elif type(value) is tuple and len(value) == 1:
            inner += ","
        text = f"[{inner}]" if type(value) is list else f"({inner})"
    elif isinstance(value, dict):
        inner = ", ".join(f"{argument_words(k)}: {argument_words(v)}" for k, v in list(value.items())[:SMALL])
        text = "{" + inner + "}"
    elif isinstance(value, bool | int | float | complex | np.generic) or value is None:
        text = str(value)
    else:
        text = f"<{type(value).__name__}>"
    return text if len(text) <= 80 else text[:77] + "…"


def call_words(name: str, args: tuple[Any, ...], kwargs: dict[str, Any], parameters: tuple[str, ...] = ()) -> str:
    """``conv2d(x: 1×3×5×5, w: 2×3×3×3, stride=2)``: parameter names where they are known."""
    parts = []
    for position, value in enumerate(args):
        words = argument_words(value)
        is_array = is_tensor(value) or type(value) is np.ndarray
        if position < len(parameters):
            words = f"{parameters[position]}: {words}" if is_array else f"{parameters[position]}={words}"
        parts.append(words)
    for key, value in kwargs.items():
        is_array = is_tensor(value) or type(value) is np.ndarray
        parts.append(f"{key}: {argument_words(value)}" if is_array else f"{key}={argument_words(value)}")
    return f"{name}({', '.join(parts)})"


def number_words(value: Any) -> str:
    """One element, with as many digits as tell two floats apart."""
    return repr(value.item()) if isinstance(value, np.generic) else repr(value)


def value_words(array: Any) -> str:
    """A value for "expected … not …": contents when small, else its type and shape."""
    if is_tensor(array):
        words = type_words(array)
        return f"{array.tolist()}" if array.numel() <= SMALL else words
    if type(array) is np.ndarray:
        return f"{array.tolist()}" if array.size <= SMALL else type_words(array)
    if isinstance(array, str):
        return "a str"
    if isinstance(array, bool | int | float | complex | np.generic) or array is None:
        return number_words(array)
    if isinstance(array, list | tuple | dict | slice):
        return argument_words(array)
    return type_words(array)
