"""How many values a message holds, read from its headers before anything is made of them.

One byte of MessagePack can become forty of memory; so a message whose bytes are within bounds may not be, once decoded.
"""

from __future__ import annotations

from typing import Final

from grader.core.errors import WireError
from grader.wire.values import MAX_ELEMENTS

MAX_HEADERS: Final = 16 * MAX_ELEMENTS
"""What a message may hold at that level: no wire type takes more than six headers an element, and two packs fit."""


def refuse_crowds(data: bytes | bytearray) -> None:
    """WireError if ``data`` announces more than :data:`MAX_HEADERS` values; it need not be a message."""
    end = len(data)
    if end <= MAX_HEADERS:
        return
    at = seen = 0
    while at < end:
        seen += 1
        if seen > MAX_HEADERS:
            raise WireError(f"more than {MAX_HEADERS:,} values in one message")
        head = data[at]
        prefix = _PREFIX[head]
        at += _FIXED[head]
        if prefix:
            at += int.from_bytes(data[at - prefix : at], "big") + _EXTENSION[head]


def _fixed(head: int) -> int:
    """The bytes from ``head`` on whose number ``head`` alone tells; an array's and a map's contents are not its own."""
    if 0xA0 <= head <= 0xBF:
        return 1 + head - 0xA0
    sizes = {0xCA: 5, 0xCB: 9, 0xDC: 3, 0xDD: 5, 0xDE: 3, 0xDF: 5}
    sizes |= {0xCC: 2, 0xCD: 3, 0xCE: 5, 0xCF: 9, 0xD0: 2, 0xD1: 3, 0xD2: 5, 0xD3: 9}
    sizes |= {0xD4: 3, 0xD5: 4, 0xD6: 6, 0xD7: 10, 0xD8: 18}
    return sizes.get(head, 1 + _prefix(head))


def _prefix(head: int) -> int:
    """How many bytes after ``head`` give the length of a string, of bytes or of an extension."""
    return {0xC4: 1, 0xC5: 2, 0xC6: 4, 0xC7: 1, 0xC8: 2, 0xC9: 4, 0xD9: 1, 0xDA: 2, 0xDB: 4}.get(head, 0)


_FIXED: Final = tuple(_fixed(head) for head in range(256))
_PREFIX: Final = tuple(_prefix(head) for head in range(256))
_EXTENSION: Final = tuple(int(0xC7 <= head <= 0xC9) for head in range(256))
