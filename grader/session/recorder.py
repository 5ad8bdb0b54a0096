"""Keeps what a submission was asked and what it answered, case by case, as it crossed the wire.

References only, so that it costs next to nothing; what has been kept is read after a check has failed, if at all.
"""

from __future__ import annotations

from typing import Final

from grader.core.verdict import Verdict
from grader.wire import messages as m
from grader.wire import values as v

MOST_BYTES: Final = 64 * 2**20
"""How much of one submission is kept; what comes after that counts as unknown."""

Exchange = tuple[m.ToWorker, m.FromWorker | Verdict]


class Recorder:
    """The exchanges of one submission's cases; of cases that pass only where ``passed`` asks for them."""

    def __init__(self, *, passed: bool = False) -> None:
        self.keeps_passed = passed
        self.restart()

    def restart(self) -> None:
        """Forget all: the submission is run again."""
        self.exchanges: dict[tuple[str, str], list[Exchange]] = {}
        self._current: list[Exchange] = []
        self._size = 0
        self._left = MOST_BYTES

    def begin(self) -> None:
        """A case starts."""
        self._current, self._size = [], 0

    def add(self, request: m.ToWorker, reply: m.FromWorker | Verdict) -> None:
        """A request was answered, or met a fault with this verdict instead."""
        # What was asked is the suite's, and small; what was answered may be anything.
        self._size += _size(reply)
        if self._size <= self._left:
            self._current.append((request, reply))

    def end(self, check: str, case: str, passed: bool) -> None:
        """The case is over."""
        if self.keeps_passed or not passed:
            self.exchanges[check, case] = self._current
            self._left -= self._size
        self.begin()


def _size(reply: m.FromWorker | Verdict) -> int:
    """About how many bytes a reply holds."""
    if not isinstance(reply, m.Returned):
        return 100
    return _value_size(reply.value, 0) + sum(_value_size(value, 0) for value in reply.after or ())


def _value_size(value: v.Value, depth: int) -> int:
    if depth > v.MAX_DEPTH:
        # The session refuses such a value; it is not looked into here either.
        return MOST_BYTES
    if isinstance(value, v.Array | v.Tensor | v.Bytes):
        return 100 + len(value.data)
    if isinstance(value, v.List | v.Tuple):
        return 100 + sum(_value_size(item, depth + 1) for item in value.items)
    if isinstance(value, v.Dict):
        return 100 + sum(_value_size(part, depth + 1) for item in value.items for part in item)
    return 100 + len(value) if isinstance(value, str) else 100
