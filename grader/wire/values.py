"""The form a value takes on the wire.

None, bool, int, float and str are themselves; everything else is a tagged struct, so that a tuple stays a
tuple and msgspec checks every byte against :data:`Value` before any Python of ours looks at it.
"""

from __future__ import annotations

from typing import Final

import msgspec

MAX_DEPTH: Final = 32
"""How deep containers may nest."""

MAX_ELEMENTS: Final = 100_000
"""How many values, containers included, one message may hold (an array counts as one)."""

MAX_BYTES: Final = 64 * 2**20
"""How many bytes of array data, text and byte strings one message may hold."""

MAX_KEYS: Final = 10_000
"""How many keys a dict may have."""

MAX_INT_BITS: Final = 4096
"""How wide an int may be."""


class _Tagged(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """The shape all of them share: an array with the tag first, and nothing after the last field."""


class BigInt(_Tagged, frozen=True, tag="int"):
    """An int outside 64 bits, in hexadecimal."""

    digits: str


class Surrogates(_Tagged, frozen=True, tag="str"):
    """A str with lone surrogates, as UTF-8 with surrogates let through."""

    data: bytes


class Bytes(_Tagged, frozen=True, tag="bytes"):
    """A bytes."""

    data: bytes


class Complex(_Tagged, frozen=True, tag="complex"):
    """A Python complex."""

    real: float
    imag: float


class List(_Tagged, frozen=True, tag="list"):
    """A list."""

    items: list[Value]


class Tuple(_Tagged, frozen=True, tag="tuple"):
    """A tuple."""

    items: list[Value]


class Dict(_Tagged, frozen=True, tag="dict"):
    """A dict, in its order; keys are None, bool, 64-bit int, float, str or bytes."""

    items: list[tuple[Value, Value]]


class Slice(_Tagged, frozen=True, tag="slice"):
    """A slice."""

    start: Value
    stop: Value
    step: Value


class Array(_Tagged, frozen=True, tag="array"):
    """A NumPy array in C order; ``dtype`` is ``dtype.str`` (``"<f8"``), byte order kept."""

    dtype: str
    shape: tuple[int, ...]
    data: bytes


class Scalar(_Tagged, frozen=True, tag="scalar"):
    """A NumPy scalar."""

    dtype: str
    data: bytes


class Tensor(_Tagged, frozen=True, tag="tensor"):
    """A torch tensor on the CPU, without its graph; ``dtype`` as in ``torch.float32``, without the prefix."""

    dtype: str
    shape: tuple[int, ...]
    data: bytes


class Size(_Tagged, frozen=True, tag="size"):
    """A ``torch.Size``."""

    shape: tuple[int, ...]


class TorchDtype(_Tagged, frozen=True, tag="dtype"):
    """A ``torch.dtype`` by name."""

    name: str


class Device(_Tagged, frozen=True, tag="device"):
    """A ``torch.device`` by name."""

    name: str


class Generator(_Tagged, frozen=True, tag="generator"):
    """A generator nobody has drawn from yet: ``library`` is ``"numpy"`` or ``"torch"``."""

    library: str
    seed: int | BigInt


class HandleRef(_Tagged, frozen=True, tag="handle"):
    """An object that stays in the worker; ``kind`` is its class's name, as the worker says."""

    number: int
    kind: str = ""


Value = (
    None
    | bool
    | int
    | float
    | str
    | BigInt
    | Surrogates
    | Bytes
    | Complex
    | List
    | Tuple
    | Dict
    | Slice
    | Array
    | Scalar
    | Tensor
    | Size
    | TorchDtype
    | Device
    | Generator
    | HandleRef
)
