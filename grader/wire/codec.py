"""Python values to wire values and back.

Exact types only: ``type(value)`` decides, never ``isinstance``, so that a subclass can't pass for what it derives
from. What has no wire form is offered to ``to_handle``; where that declines, WireError names the type.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from types import ModuleType
from typing import Any, Final

import numpy as np

from grader.core.errors import WireError
from grader.wire import values as v

_ARRAY_DTYPES: Final = frozenset(
    order + code
    for order, codes in {
        "|": "b1 i1 u1",
        "<": "i2 i4 i8 u2 u4 u8 f2 f4 f8 c8 c16",
        ">": "i2 i4 i8 u2 u4 u8 f2 f4 f8 c8 c16",
    }.items()
    for code in codes.split()
)

# By type, not by dtype: a subclass of np.float64 has its dtype too.
_SCALAR_TYPES: Final = tuple(np.dtype(code).type for code in "?bhilqBHILQefdFD")

_TORCH_DTYPES: Final = frozenset(
    "float16 float32 float64 bfloat16 complex64 complex128 int8 int16 int32 int64 uint8 bool".split()
)

# Any other byte than 0 is a True to NumPy, and comes out of `.view(bool)`.
_TO_BOOL: Final = bytes([0]) + bytes([1]) * 255

_KEY_TYPES: Final = (type(None), bool, int, float, str, bytes)

_WIRE_KEYS: Final = (type(None), bool, int, float, str, v.Surrogates, v.Bytes)

ToHandle = Callable[[Any], v.HandleRef | None]
FromHandle = Callable[[v.HandleRef], Any]


def _no_handle(value: Any) -> v.HandleRef | None:
    return None


def _no_object(ref: v.HandleRef) -> Any:
    raise WireError("a handle where none is expected")


class Codec:
    """Packs and unpacks values; ``torch`` is the imported module where tensors may cross, else None."""

    def __init__(
        self, torch: ModuleType | None = None, to_handle: ToHandle = _no_handle, from_handle: FromHandle = _no_object
    ) -> None:
        self._torch = torch
        self._to_handle = to_handle
        self._from_handle = from_handle
        self._packers: dict[type, Callable[[_Budget, Any, int], v.Value]] = {
            type(None): _plain,
            bool: _plain,
            float: _plain,
            int: _pack_int,
            str: _pack_str,
            bytes: _pack_bytes,
            complex: _pack_complex,
            list: self._pack_list,
            tuple: self._pack_tuple,
            dict: self._pack_dict,
            slice: self._pack_slice,
            np.ndarray: self._pack_array,
            np.random.Generator: self._pack_numpy_generator,
            **dict.fromkeys(_SCALAR_TYPES, _pack_scalar),
        }
        if torch is not None:
            self._packers |= {
                torch.Tensor: self._pack_tensor,
                torch.Size: _pack_size,
                torch.dtype: _pack_torch_dtype,
                torch.device: _pack_device,
                torch.Generator: self._pack_torch_generator,
            }
        self._unpackers: dict[type, Callable[[_Budget, Any, int], Any]] = {
            type(None): _plain,
            bool: _plain,
            int: _plain,
            float: _plain,
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
            v.Size: lambda budget, value, depth: self._needs_torch().Size(_checked_shape(budget, value.shape)),
            v.TorchDtype: lambda budget, value, depth: self._torch_dtype(value.name),
            v.Device: self._unpack_device,
            v.Generator: self._unpack_generator,
            v.HandleRef: lambda budget, value, depth: self._from_handle(value),
        }

    def pack(self, *values: Any) -> list[v.Value]:
        """The wire form of ``values``, which share one budget; WireError says which cap or type stopped it."""
        budget = _Budget()
        return [self._pack(budget, value, 0) for value in values]

    def unpack(self, *values: v.Value) -> list[Any]:
        """The Python form of ``values``; arrays and tensors own their memory. WireError if any is ill-formed."""
        budget = _Budget()
        return [self._unpack(budget, value, 0) for value in values]

    # ---- packing

    def _pack(self, budget: _Budget, value: Any, depth: int) -> v.Value:
        budget.count(depth)
        kind = type(value)
        packer = self._packers.get(kind)
        packed = packer(budget, value, depth) if packer is not None else None
        if packed is not None or value is None:
            return packed
        ref = self._to_handle(value)
        if ref is None:
            raise WireError(f"a value of type {kind.__qualname__} can't cross: send built-in types, arrays or tensors")
        budget.spend(4 * len(ref.kind))
        return ref

    def _pack_list(self, budget: _Budget, value: list[Any], depth: int) -> v.Value:
        return v.List([self._pack(budget, item, depth + 1) for item in value])

    def _pack_tuple(self, budget: _Budget, value: tuple[Any, ...], depth: int) -> v.Value:
        return v.Tuple([self._pack(budget, item, depth + 1) for item in value])

    def _pack_dict(self, budget: _Budget, value: dict[Any, Any], depth: int) -> v.Value:
        if len(value) > v.MAX_KEYS:
            raise WireError(f"a dict of {len(value)} keys can't cross: {v.MAX_KEYS} are allowed")
        for key in value:
            if type(key) not in _KEY_TYPES or (type(key) is int and not _fits_64(key)):
                return None
        return v.Dict([(self._pack(budget, k, depth + 1), self._pack(budget, x, depth + 1)) for k, x in value.items()])

    def _pack_slice(self, budget: _Budget, value: slice, depth: int) -> v.Value:
        return v.Slice(*(self._pack(budget, part, depth + 1) for part in (value.start, value.stop, value.step)))

    def _pack_array(self, budget: _Budget, value: np.ndarray[Any, Any], depth: int) -> v.Value:
        if value.dtype.str not in _ARRAY_DTYPES:
            return None
        budget.spend(value.nbytes)
        return v.Array(value.dtype.str, _checked_shape(budget, value.shape), value.tobytes())

    def _pack_numpy_generator(self, budget: _Budget, value: np.random.Generator, depth: int) -> v.Value:
        seed = getattr(value.bit_generator.seed_seq, "entropy", None)
        if type(seed) is not int or np.random.default_rng(seed).bit_generator.state != value.bit_generator.state:
            return None
        packed = _pack_int(budget, seed, depth)
        return v.Generator("numpy", packed) if isinstance(packed, int | v.BigInt) else None

    def _pack_torch_generator(self, budget: _Budget, value: Any, depth: int) -> v.Value:
        seed = value.initial_seed()
        fresh = self._needs_torch().Generator().manual_seed(seed)
        if value.device.type != "cpu" or not bool((fresh.get_state() == value.get_state()).all()):
            return None
        return v.Generator("torch", seed)

    def _pack_tensor(self, budget: _Budget, value: Any, depth: int) -> v.Value:
        torch = self._needs_torch()
        name = str(value.dtype).removeprefix("torch.")
        if name not in _TORCH_DTYPES or value.layout is not torch.strided or value.device.type == "meta":
            return None
        budget.spend(value.numel() * value.element_size())
        shape = _checked_shape(budget, tuple(value.shape))
        flat = value.detach().cpu().resolve_conj().resolve_neg().contiguous()
        if name == "bfloat16":
            flat = flat.view(torch.int16)
        return v.Tensor(name, shape, flat.numpy().tobytes())

    # ---- unpacking

    def _unpack(self, budget: _Budget, value: v.Value, depth: int) -> Any:
        budget.count(depth)
        return self._unpackers[type(value)](budget, value, depth)

    def _unpack_dict(self, budget: _Budget, value: v.Dict, depth: int) -> dict[Any, Any]:
        if len(value.items) > v.MAX_KEYS:
            raise WireError(f"a dict of {len(value.items)} keys: {v.MAX_KEYS} are allowed")
        result = {}
        for key, item in value.items:
            if type(key) not in _WIRE_KEYS:
                raise WireError("a dict key that is no None, bool, int, float, str or bytes")
            result[self._unpack(budget, key, depth + 1)] = self._unpack(budget, item, depth + 1)
        return result

    def _unpack_tensor(self, budget: _Budget, value: v.Tensor, depth: int) -> Any:
        torch = self._needs_torch()
        dtype = self._torch_dtype(value.dtype)
        shape = _checked_shape(budget, value.shape)
        _check_size(budget, math.prod(shape) * dtype.itemsize, value.data)
        if not value.data:
            return torch.empty(shape, dtype=dtype)
        data = value.data.translate(_TO_BOOL) if dtype is torch.bool else value.data
        return torch.frombuffer(bytearray(data), dtype=dtype).reshape(shape)

    def _unpack_device(self, budget: _Budget, value: v.Device, depth: int) -> Any:
        try:
            return self._needs_torch().device(value.name)
        except (RuntimeError, ValueError):
            raise WireError("a torch device that does not exist") from None

    def _unpack_generator(self, budget: _Budget, value: v.Generator, depth: int) -> Any:
        seed = value.seed if isinstance(value.seed, int) else _unpack_big_int(budget, value.seed, depth)
        if seed < 0 and value.library == "numpy":
            raise WireError("a NumPy generator with a negative seed")
        if value.library == "numpy":
            return np.random.default_rng(seed)
        if value.library == "torch" and -(2**63) <= seed < 2**64:
            return self._needs_torch().Generator().manual_seed(seed)
        raise WireError("a generator of an unknown library or with too wide a seed")

    def _torch_dtype(self, name: str) -> Any:
        if name not in _TORCH_DTYPES:
            raise WireError("a tensor dtype that may not cross")
        return getattr(self._needs_torch(), name)

    def _needs_torch(self) -> Any:
        if self._torch is None:
            raise WireError("a torch value where the topic's runtime is numpy")
        return self._torch


class _Budget:
    """What one message may still hold."""

    __slots__ = ("bytes", "elements")

    def __init__(self) -> None:
        self.elements = v.MAX_ELEMENTS
        self.bytes = v.MAX_BYTES

    def count(self, depth: int) -> None:
        self.elements -= 1
        if self.elements < 0:
            raise WireError(f"more than {v.MAX_ELEMENTS:,} values in one message; send an array instead")
        if depth > v.MAX_DEPTH:
            raise WireError(f"containers nested more than {v.MAX_DEPTH} deep")

    def spend(self, size: int) -> None:
        self.bytes -= size
        if self.bytes < 0:
            raise WireError(f"more than {v.MAX_BYTES // 2**20} MiB of data in one message")


def _plain(budget: _Budget, value: Any, depth: int) -> Any:
    return value


def _fits_64(value: int) -> bool:
    return -(2**63) <= value < 2**63


def _pack_int(budget: _Budget, value: int, depth: int) -> v.Value:
    if _fits_64(value):
        return value
    if value.bit_length() > v.MAX_INT_BITS:
        raise WireError(f"an int of {value.bit_length()} bits: {v.MAX_INT_BITS} are allowed")
    digits = hex(value)
    budget.spend(len(digits))
    return v.BigInt(digits)


def _pack_str(budget: _Budget, value: str, depth: int) -> v.Value:
    packed: v.Value = value
    try:
        encoded = value.encode()
    except UnicodeEncodeError:
        encoded = value.encode("utf-8", "surrogatepass")
        packed = v.Surrogates(encoded)
    budget.spend(len(encoded))
    return packed


def _pack_bytes(budget: _Budget, value: bytes, depth: int) -> v.Value:
    budget.spend(len(value))
    return v.Bytes(value)


def _pack_complex(budget: _Budget, value: complex, depth: int) -> v.Value:
    return v.Complex(value.real, value.imag)


def _pack_scalar(budget: _Budget, value: Any, depth: int) -> v.Value:
    return v.Scalar(value.dtype.str, value.tobytes())


def _pack_size(budget: _Budget, value: Any, depth: int) -> v.Value:
    return v.Size(_checked_shape(budget, tuple(value)))


def _pack_torch_dtype(budget: _Budget, value: Any, depth: int) -> v.Value:
    name = str(value).removeprefix("torch.")
    return v.TorchDtype(name) if name in _TORCH_DTYPES else None


def _pack_device(budget: _Budget, value: Any, depth: int) -> v.Value:
    return v.Device(str(value))


def _unpack_text(budget: _Budget, value: str, depth: int) -> str:
    budget.spend(len(value))
    return value


def _unpack_bytes(budget: _Budget, value: v.Bytes, depth: int) -> bytes:
    budget.spend(len(value.data))
    return value.data


def _unpack_big_int(budget: _Budget, value: v.BigInt, depth: int) -> int:
    budget.spend(len(value.digits))
    if len(value.digits) > v.MAX_INT_BITS // 4 + 4:
        raise WireError(f"an int of more than {v.MAX_INT_BITS} bits")
    try:
        return int(value.digits, 16)
    except ValueError:
        raise WireError("an int that is not hexadecimal") from None


def _unpack_surrogates(budget: _Budget, value: v.Surrogates, depth: int) -> str:
    budget.spend(len(value.data))
    try:
        return value.data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        raise WireError("text that is not UTF-8") from None


def _unpack_array(budget: _Budget, value: v.Array, depth: int) -> Any:
    dtype = _array_dtype(value.dtype)
    shape = _checked_shape(budget, value.shape)
    _check_size(budget, math.prod(shape) * dtype.itemsize, value.data)
    data = value.data.translate(_TO_BOOL) if dtype.kind == "b" else value.data
    return np.ndarray(shape, dtype, bytearray(data))


def _unpack_scalar(budget: _Budget, value: v.Scalar, depth: int) -> Any:
    dtype = _array_dtype(value.dtype)
    _check_size(budget, dtype.itemsize, value.data)
    data = value.data.translate(_TO_BOOL) if dtype.kind == "b" else value.data
    return np.ndarray((), dtype, data)[()]


def _array_dtype(name: str) -> np.dtype[Any]:
    if name not in _ARRAY_DTYPES:
        raise WireError("an array dtype that may not cross")
    return np.dtype(name)


def _checked_shape(budget: _Budget, shape: tuple[int, ...]) -> tuple[int, ...]:
    if len(shape) > v.MAX_DEPTH:
        raise WireError(f"a shape of {len(shape)} axes: {v.MAX_DEPTH} are allowed")
    budget.elements -= len(shape)
    # NumPy and torch multiply all lengths, zeros or not, into 64 bits.
    if any(n < 0 for n in shape) or math.prod(max(n, 1) for n in shape) >= 2**48:
        raise WireError("a shape with a negative length, or too large a one")
    return shape


def _check_size(budget: _Budget, expected: int, data: bytes) -> None:
    budget.spend(len(data))
    if expected != len(data):
        raise WireError("array data whose size does not fit its shape")
