"""Values in words: shapes, dtypes and small contents, never the text a submission chose."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.testing.proxies import Handle

SMALL = 12
LONG = 80


KINDS = {
    "generator": "a generator",
    "coroutine": "a coroutine",
    "function": "a function",
    "builtin_function_or_method": "a function",
    "method": "a function",
    "type": "a class",
    "ndarray": "an array of an unusual dtype",
    "matrix": "a subclass of ndarray",
    "MaskedArray": "a subclass of ndarray",
    "set": "a set",
    "range": "a range",
    **dict.fromkeys(("map", "zip", "filter", "enumerate", "reversed", "dict_values", "dict_keys"), "an iterator"),
}
"""What a beginner returns by mistake and can't cross, in our words: whatever a class of that name really is."""


def is_tensor(value: Any) -> bool:
    """Whether ``value`` is exactly a torch tensor (without importing torch)."""
    return type(value).__module__ == "torch" and type(value).__name__ == "Tensor"


def tensor_to_numpy(tensor: Any) -> Any:
    """The values of a torch tensor as an array; those of half precision as float32."""
    tensor = tensor.detach().cpu().resolve_conj().resolve_neg()
    return (tensor.float() if str(tensor.dtype) in ("torch.bfloat16", "torch.float16") else tensor).numpy()


def shape_words(shape: tuple[int, ...]) -> str:
    """A shape as ``1×3×5×5``; ``()`` for a 0-d array."""
    return "×".join(str(n) for n in shape) or "()"


def type_words(value: Any) -> str:
    """The kind of ``value``: ``ndarray float64 2×3``, ``list``, ``None`` and so on."""
    if value is None:
        return "None"
    if is_tensor(value):
        return f"tensor {str(value.dtype).removeprefix('torch.')} {shape_words(tuple(value.shape))}"
    if type(value) is np.ndarray:
        return f"ndarray {value.dtype} {shape_words(value.shape)}"
    if isinstance(value, Handle):
        return KINDS.get(value.kind, "an object of another type")
    return type(value).__name__


def argument_words(value: Any, *, text_shown: bool = True) -> str:
    """An argument in a call: an array by shape, anything else by a short repr; text only if ``text_shown``."""
    if is_tensor(value):
        return shape_words(tuple(value.shape))
    if type(value) is np.ndarray:
        if value.ndim == 1 and value.size <= 4:
            return np.array2string(value, separator=", ")
        return shape_words(value.shape)
    if isinstance(value, Handle):
        return "<object>"
    if isinstance(value, str | bytes):
        text = repr(value) if text_shown else f"a {type(value).__name__}"
    elif isinstance(value, list | tuple):
        inner = ", ".join(argument_words(item, text_shown=text_shown) for item in value[:SMALL])
        if len(value) > SMALL:
            inner += ", …"
        elif type(value) is tuple and len(value) == 1:
            inner += ","
        text = f"[{inner}]" if type(value) is list else f"({inner})"
    elif isinstance(value, dict):
        pairs = [[argument_words(part, text_shown=text_shown) for part in pair] for pair in list(value.items())[:SMALL]]
        text = "{" + ", ".join(f"{key}: {item}" for key, item in pairs) + "}"
    elif isinstance(value, np.generic):
        text = str(value)
    elif isinstance(value, bool | int | float | complex) or value is None:
        text = number_words(value)
    else:
        text = f"<{type(value).__name__}>"
    return _cut(text)


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
    """One element, with as many digits as tell two floats apart; an int of many digits is cut."""
    if isinstance(value, int) and value.bit_length() > 1000:
        # Python refuses to write out the longest ones.
        return f"an int of {value.bit_length()} bits"
    return _cut(repr(value.item()) if isinstance(value, np.generic) else repr(value))


def _cut(text: str) -> str:
    return text if len(text) <= LONG else text[: LONG - 3] + "…"


def value_words(array: Any) -> str:
    """A value for "expected … not …": contents when small, else its type and shape."""
    if is_tensor(array):
        words = type_words(array)
        return f"{array.tolist()}" if array.numel() <= SMALL else words
    if type(array) is np.ndarray:
        return f"{array.tolist()}" if array.size <= SMALL else type_words(array)
    if isinstance(array, bool | int | float | complex | np.generic) or array is None:
        return number_words(array)
    if isinstance(array, str | bytes | list | tuple | dict | slice):
        return argument_words(array, text_shown=False)
    return type_words(array)
