"""Python values to wire values and back.

Exact types only: ``type(value)`` decides, never ``isinstance``, so that a subclass can't pass for what it derives
from. What has no wire form is offered to ``to_handle``; where that declines, WireError names the type.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from grader.core.errors import WireError
from grader.wire import values as v
from grader.wire.packing import Packer, ToHandle
from grader.wire.unpacking import FromHandle, Unpacker


def _no_handle(value: Any) -> v.HandleRef | None:
    return None


def _no_object(ref: v.HandleRef) -> Any:
    raise WireError("a handle where none is expected")


class Codec:
    """Packs and unpacks values; ``torch`` is the imported module where tensors may cross, else None."""

    def __init__(
        self, torch: ModuleType | None = None, to_handle: ToHandle = _no_handle, from_handle: FromHandle = _no_object
    ) -> None:
        self._packer = Packer(torch, to_handle)
        self._unpacker = Unpacker(torch, from_handle)

    def pack(self, *values: Any) -> list[v.Value]:
        """The wire form of ``values``, which share one budget; WireError says which cap or type stopped it."""
        return self._packer.pack(*values)

    def unpack(self, *values: v.Value) -> list[Any]:
        """The Python form of ``values``; arrays and tensors own their memory. WireError if any is ill-formed."""
        return self._unpacker.unpack(*values)
