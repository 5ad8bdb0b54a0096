"""Wire values to Python values; every one is taken for hostile."""

from __future__ import annotations

import math
from collections.abc import Callable
from types import ModuleType
from typing import Any, Final

import numpy as np

from grader.core.errors import WireError
from grader.wire import values as v
from grader.wire.limits import ARRAY_DTYPES, TORCH_DTYPES, Budget, checked_shape, plain

# Any other byte than 0 is a True to NumPy, and comes out of `.view(bool)`.
_TO_BOOL: Final = bytes([0]) + bytes([1]) * 255

_WIRE_KEYS: Final = (type(None), bool, int, float, str, v.Surrogates, v.Bytes)

FromHandle = Callable[[v.HandleRef], Any]


class Unpacker:
    """Unpacks values; handles become what ``from_handle`` gives for them."""

    def __init__(self, torch: ModuleType | None, from_handle: FromHandle) -> None:
        self._torch = torch
        self._from_handle = from_handle
        self._unpackers: dict[type, Callable[[Budget, Any, int], Any]] = {
            type(None): plain,
            bool: plain,
            int: plain,
            float: plain,
            str: _unpack_text,
            v.Bytes: _unpack_bytes,
            v.BigInt: _unpack_big_int,
            v.Surrogates: _unpack_surrogates,
            v.Complex: lambda budget, value, depth: complex(value.real, value.imag),
            v.List: lambda budget, value, depth: [self._unpack(budget, item, depth + 1) for item in value.items],
            v.Tuple: lambda budget, value, depth: tuple(self._unpack(budget, item, depth + 1) for item in value.items),
            v.Dict: self._unpack_dict,
            v.Slice: lambda budget, value, depth: slice(
                *(self._unpack(budget, part, depth + 1) for part in (value.start, value.stop, value.step))
            ),
            v.Array: _unpack_array,
            v.Scalar: _unpack_scalar,
            v.Tensor: self._unpack_tensor,
            v.Size: lambda budget, value, depth: self._needs_torch().Size(checked_shape(budget, value.shape)),
            v.TorchDtype: lambda budget, value, depth: self._torch_dtype(value.name),
            v.Device: self._unpack_device,
            v.Generator: self._unpack_generator,
            v.HandleRef: lambda budget, value, depth: self._from_handle(value),
        }

    def unpack(self, *values: v.Value) -> list[Any]:
        """See :class:`grader.wire.codec.Codec`."""
        budget = Budget()
        return [self._unpack(budget, value, 0) for value in values]

    def _unpack(self, budget: Budget, value: v.Value, depth: int) -> Any:
        budget.count(depth)
        return self._unpackers[type(value)](budget, value, depth)

    def _unpack_dict(self, budget: Budget, value: v.Dict, depth: int) -> dict[Any, Any]:
        if len(value.items) > v.MAX_KEYS:
            raise WireError(f"a dict of {len(value.items)} keys: {v.MAX_KEYS} are allowed")
        result = {}
        for key, item in value.items:
            if type(key) not in _WIRE_KEYS:
                raise WireError("a dict key that is no None, bool, int, float, str or bytes")
            result[self._unpack(budget, key, depth + 1)] = self._unpack(budget, item, depth + 1)
        return result

    def _unpack_tensor(self, budget: Budget, value: v.Tensor, depth: int) -> Any:
        torch = self._needs_torch()
        dtype = self._torch_dtype(value.dtype)
        shape = checked_shape(budget, value.shape)
        _check_size(budget, math.prod(shape) * dtype.itemsize, value.data)
        if not value.data:
            return torch.empty(shape, dtype=dtype)
        data = value.data.translate(_TO_BOOL) if dtype is torch.bool else value.data
        return torch.frombuffer(bytearray(data), dtype=dtype).reshape(shape)

    def _unpack_device(self, budget: Budget, value: v.Device, depth: int) -> Any:
        try:
            return self._needs_torch().device(value.name)
        except (RuntimeError, ValueError):
            raise WireError("a torch device that does not exist") from None

    def _unpack_generator(self, budget: Budget, value: v.Generator, depth: int) -> Any:
        seed = value.seed if isinstance(value.seed, int) else _unpack_big_int(budget, value.seed, depth)
        if seed < 0 and value.library == "numpy":
            raise WireError("a NumPy generator with a negative seed")
        if value.library == "numpy":
            return np.random.default_rng(seed)
        if value.library == "torch" and -(2**63) <= seed < 2**64:
            return self._needs_torch().Generator().manual_seed(seed)
        raise WireError("a generator of an unknown library or with too wide a seed")

    def _torch_dtype(self, name: str) -> Any:
        if name not in TORCH_DTYPES:
            raise WireError("a tensor dtype that may not cross")
        return getattr(self._needs_torch(), name)

    def _needs_torch(self) -> Any:
        if self._torch is None:
            raise WireError("a torch value where the topic's runtime is numpy")
        return self._torch


def _unpack_text(budget: Budget, value: str, depth: int) -> str:
    budget.spend(len(value))
    return value


def _unpack_bytes(budget: Budget, value: v.Bytes, depth: int) -> bytes:
    budget.spend(len(value.data))
    return value.data


def _unpack_big_int(budget: Budget, value: v.BigInt, depth: int) -> int:
    budget.spend(len(value.digits))
    if len(value.digits) > v.MAX_INT_BITS // 4 + 4:
        raise WireError(f"an int of more than {v.MAX_INT_BITS} bits")
    try:
        return int(value.digits, 16)
    except ValueError:
        raise WireError("an int that is not hexadecimal") from None


def _unpack_surrogates(budget: Budget, value: v.Surrogates, depth: int) -> str:
    budget.spend(len(value.data))
    try:
        return value.data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        raise WireError("text that is not UTF-8") from None


def _unpack_array(budget: Budget, value: v.Array, depth: int) -> Any:
    dtype = _array_dtype(value.dtype)
    shape = checked_shape(budget, value.shape)
    _check_size(budget, math.prod(shape) * dtype.itemsize, value.data)
    data = value.data.translate(_TO_BOOL) if dtype.kind == "b" else value.data
    return np.ndarray(shape, dtype, bytearray(data))


def _unpack_scalar(budget: Budget, value: v.Scalar, depth: int) -> Any:
    dtype = _array_dtype(value.dtype)
    _check_size(budget, dtype.itemsize, value.data)
    data = value.data.translate(_TO_BOOL) if dtype.kind == "b" else value.data
    return np.ndarray((), dtype, data)[()]


def _array_dtype(name: str) -> np.dtype[Any]:
    if name not in ARRAY_DTYPES:
        raise WireError("an array dtype that may not cross")
    return np.dtype(name)


def _check_size(budget: Budget, expected: int, data: bytes) -> None:
    budget.spend(len(data))
    if expected != len(data):
        raise WireError("array data whose size does not fit its shape")
