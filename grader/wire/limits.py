"""What one message may hold, and which types may be in it: the same on both sides of the wire."""

from __future__ import annotations

from typing import Any, Final

from grader.core.errors import WireError
from grader.wire import values as v

ARRAY_DTYPES: Final = frozenset(
    order + code
    for order, codes in {
        "|": "b1 i1 u1",
        "<": "i2 i4 i8 u2 u4 u8 f2 f4 f8 c8 c16",
        ">": "i2 i4 i8 u2 u4 u8 f2 f4 f8 c8 c16",
    }.items()
    for code in codes.split()
)

TORCH_DTYPES: Final = frozenset(
    "float16 float32 float64 bfloat16 complex64 complex128 int8 int16 int32 int64 uint8 bool".split()
)

KEY_TYPES: Final = (type(None), bool, int, float, str, bytes)


class Budget:
    """What one message may still hold."""

    __slots__ = ("bytes", "elements")

    def __init__(self) -> None:
        self.elements = v.MAX_ELEMENTS
        self.bytes = v.MAX_BYTES

    def count(self, depth: int) -> None:
        """One more value, ``depth`` containers down; WireError past either cap."""
        self.elements -= 1
        if self.elements < 0:
            raise WireError(f"more than {v.MAX_ELEMENTS:,} values in one message; send an array instead")
        if depth > v.MAX_DEPTH:
            raise WireError(f"containers nested more than {v.MAX_DEPTH} deep")

    def spend(self, size: int) -> None:
        """``size`` more bytes of data; WireError past the cap."""
        self.bytes -= size
        if self.bytes < 0:
            raise WireError(f"more than {v.MAX_BYTES // 2**20} MiB of data in one message")


def plain(budget: Budget, value: Any, depth: int) -> Any:
    """What is its own wire form."""
    return value


def checked_shape(budget: Budget, shape: tuple[int, ...]) -> tuple[int, ...]:
    """``shape``, if NumPy and torch can have it; WireError if not."""
    if len(shape) > v.MAX_DEPTH:
        raise WireError(f"a shape of {len(shape)} axes: {v.MAX_DEPTH} are allowed")
    budget.elements -= len(shape)
    # NumPy and torch multiply all lengths, zeros or not, into 64 bits. A loop: every array that crosses comes by here.
    size = 1
    for n in shape:
        size *= n or 1
        if not 0 < size < 2**48:
            raise WireError("a shape with a negative length, or too large a one")
    return shape
