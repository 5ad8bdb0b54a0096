"""Python values to wire values, by exact type."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any, Final

import numpy as np

from grader.core.errors import WireError
from grader.wire import values as v
from grader.wire.limits import ARRAY_DTYPES, KEY_TYPES, TORCH_DTYPES, Budget, checked_shape, plain

# By type, not by dtype: a subclass of np.float64 has its dtype too.
_SCALAR_TYPES: Final = tuple(np.dtype(code).type for code in "?bhilqBHILQefdFD")

ToHandle = Callable[[Any], v.HandleRef | None]


class Packer:
    """Packs values; what has no wire form is offered to ``to_handle``."""

    def __init__(self, torch: ModuleType | None, to_handle: ToHandle) -> None:
        # Any: mypy does not know what torch is before it is imported.
        self._torch: Any = torch
        self._to_handle = to_handle
        self._packers: dict[type, Callable[[Budget, Any, int], v.Value]] = {
            type(None): plain,
            bool: plain,
            float: plain,
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

    def pack(self, *values: Any) -> list[v.Value]:
        """See :class:`grader.wire.codec.Codec`."""
        budget = Budget()
        return [self._pack(budget, value, 0) for value in values]

    def _pack(self, budget: Budget, value: Any, depth: int) -> v.Value:
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

    def _pack_list(self, budget: Budget, value: list[Any], depth: int) -> v.Value:
        return v.List([self._pack(budget, item, depth + 1) for item in value])

    def _pack_tuple(self, budget: Budget, value: tuple[Any, ...], depth: int) -> v.Value:
        return v.Tuple([self._pack(budget, item, depth + 1) for item in value])

    def _pack_dict(self, budget: Budget, value: dict[Any, Any], depth: int) -> v.Value:
        if len(value) > v.MAX_KEYS:
            raise WireError(f"a dict of {len(value)} keys can't cross: {v.MAX_KEYS} are allowed")
        for key in value:
            if type(key) not in KEY_TYPES or (type(key) is int and not _fits_64(key)):
                return None
        return v.Dict([(self._pack(budget, k, depth + 1), self._pack(budget, x, depth + 1)) for k, x in value.items()])

    def _pack_slice(self, budget: Budget, value: slice, depth: int) -> v.Value:
        return v.Slice(*(self._pack(budget, part, depth + 1) for part in (value.start, value.stop, value.step)))

    def _pack_array(self, budget: Budget, value: np.ndarray[Any, Any], depth: int) -> v.Value:
        if value.dtype.str not in ARRAY_DTYPES:
            return None
        budget.spend(value.nbytes)
        return v.Array(value.dtype.str, checked_shape(budget, value.shape), value.tobytes())

    def _pack_numpy_generator(self, budget: Budget, value: np.random.Generator, depth: int) -> v.Value:
        seed = getattr(value.bit_generator.seed_seq, "entropy", None)
        if type(seed) is not int or np.random.default_rng(seed).bit_generator.state != value.bit_generator.state:
            return None
        packed = _pack_int(budget, seed, depth)
        return v.Generator("numpy", packed) if isinstance(packed, int | v.BigInt) else None

    def _pack_torch_generator(self, budget: Budget, value: Any, depth: int) -> v.Value:
        seed = value.initial_seed()
        fresh = self._torch.Generator().manual_seed(seed)
        if value.device.type != "cpu" or not bool((fresh.get_state() == value.get_state()).all()):
            return None
        return v.Generator("torch", seed)

    def _pack_tensor(self, budget: Budget, value: Any, depth: int) -> v.Value:
        torch = self._torch
        name = str(value.dtype).removeprefix("torch.")
        if name not in TORCH_DTYPES or value.layout is not torch.strided or value.device.type == "meta":
            return None
        budget.spend(value.numel() * value.element_size())
        shape = checked_shape(budget, tuple(value.shape))
        flat = value.detach().cpu().resolve_conj().resolve_neg().contiguous()
        if name == "bfloat16":
            flat = flat.view(torch.int16)
        return v.Tensor(name, shape, flat.numpy().tobytes())


def _fits_64(value: int) -> bool:
    return -(2**63) <= value < 2**63


def _pack_int(budget: Budget, value: int, depth: int) -> v.Value:
    if _fits_64(value):
        return value
    if value.bit_length() > v.MAX_INT_BITS:
        raise WireError(f"an int of {value.bit_length()} bits: {v.MAX_INT_BITS} are allowed")
    digits = hex(value)
    budget.spend(len(digits))
    return v.BigInt(digits)


def _pack_str(budget: Budget, value: str, depth: int) -> v.Value:
    packed: v.Value = value
    try:
        encoded = value.encode()
    except UnicodeEncodeError:
        encoded = value.encode("utf-8", "surrogatepass")
        packed = v.Surrogates(encoded)
    budget.spend(len(encoded))
    return packed


def _pack_bytes(budget: Budget, value: bytes, depth: int) -> v.Value:
    budget.spend(len(value))
    return v.Bytes(value)


def _pack_complex(budget: Budget, value: complex, depth: int) -> v.Value:
    return v.Complex(value.real, value.imag)


def _pack_scalar(budget: Budget, value: Any, depth: int) -> v.Value:
    return v.Scalar(value.dtype.str, value.tobytes())


def _pack_size(budget: Budget, value: Any, depth: int) -> v.Value:
    return v.Size(checked_shape(budget, tuple(value)))


def _pack_torch_dtype(budget: Budget, value: Any, depth: int) -> v.Value:
    name = str(value).removeprefix("torch.")
    return v.TorchDtype(name) if name in TORCH_DTYPES else None


def _pack_device(budget: Budget, value: Any, depth: int) -> v.Value:
    return v.Device(str(value))
