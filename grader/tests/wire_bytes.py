"""Bytes as a hostile worker might send them, and what decoding them costs."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import msgspec

from grader.wire import messages as m

EXAMPLES = int(os.environ.get("HYPOTHESIS_EXAMPLES", "300"))
"""For each law; more in a longer run: ``HYPOTHESIS_EXAMPLES=100000 pytest grader/tests/test_wire_hostile.py``."""


DECODERS: list[Callable[[bytes], Any]] = [
    m.decode_from_worker,
    m.decode_to_worker,
    m.decode_from_zygote,
    m.decode_to_zygote,
]


def values_in(message: Any) -> list[Any]:
    """The wire values that a message carries."""
    if isinstance(message, m.Returned):
        return [message.value, *(message.after or ())]
    return [*message.args, *message.kwargs.values()] if isinstance(message, m.Call) else []


def returned(value: bytes) -> bytes:
    """A Returned whose value is the given MessagePack."""
    return b"\x83\xa4type\xa8Returned\xa6number\x01\xa5value" + value


def pack(value: Any) -> bytes:
    """MessagePack of plain lists, maps, text and bytes."""
    return msgspec.msgpack.encode(value)
