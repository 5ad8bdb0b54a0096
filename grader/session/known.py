"""What a suite's cases asked and were answered when they passed, gathered while submissions are graded.

A case is a function of what it is answered: as long as the answers are those of an earlier submission, so is what it
asks next, and in the end what it concludes. One that asks something else all the same (it draws its inputs anew, say)
is found out, and nothing is foreseen of it from then on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from grader.wire import messages as m
from grader.wire import values as v

MOST_BYTES: Final = 2**15
"""What is sent ahead fits into a socket's buffer: nobody waits for a worker that waits for us."""

MOST_CALLS: Final = 32

SURE_AFTER: Final = 3
"""How many submissions must have been asked the same before a case is not run."""

MOST_ANSWERS: Final = 1000
"""How many different answers in one case are remembered, each by its digest."""

MOST_KEPT: Final = 64 * 2**20
"""How many bytes of requests are remembered in all."""

Exchange = tuple[m.ToWorker, m.FromWorker | None]
"""A request and its answer; None where there was none."""


class Step:
    """A request of the case at ``position``, with number 0, and by each answer's digest what is next: None, to pass."""

    __slots__ = ("after", "digest", "frames", "position", "request", "size", "task", "times")

    def __init__(self, position: int, task: str, request: m.Request, encoded: bytes) -> None:
        self.position, self.task, self.request = position, task, request
        self.digest, self.size = hashlib.sha256(encoded).digest(), len(encoded)
        self.times = 0
        self.after: dict[bytes, Step | None] = {}
        # Whole answers with which the case passed, by their bytes' digests, and the number that each answers.
        self.frames: dict[bytes, int] = {}

    @property
    def is_last(self) -> bool:
        """Whether no submission was asked anything after it."""
        return not any(self.after.values())


class Plan:
    """What is known of a suite's cases, by their positions."""

    def __init__(self) -> None:
        self._first: dict[int, Step] = {}
        self._varied: set[int] = set()
        self._answers: dict[int, int] = {}
        self._left = MOST_KEPT

    def foresees(self, position: int) -> bool:
        """Whether the first request of the case at ``position`` is known."""
        return position in self._first

    def learn(self, position: int, task: str, exchanges: Sequence[Exchange], passed: bool) -> None:
        """The case at ``position`` is over, having asked and been answered this."""
        if position in self._varied or not (passed or position in self._first):
            return
        if not exchanges:
            self.forget(position)
            return
        step = self._first.get(position) or self._begin(position, task, exchanges[0][0])
        for number, (asked, answer) in enumerate(exchanges, start=1):
            if step is None or step.digest != digest(asked):
                self.forget(position)
                return
            step.times += 1
            if answer is None:
                return
            key, last = digest(answer), number == len(exchanges)
            if key not in step.after:
                if not passed or self._answers.get(position, 0) >= MOST_ANSWERS:
                    return
                following = None if last else self._step(position, task, exchanges[number][0])
                if following is None and not last:
                    return
                step.after[key] = following
                self._answers[position] = self._answers.get(position, 0) + 1
            step = step.after[key]
            if last and step is not None:
                self.forget(position)

    def forget(self, position: int) -> None:
        """The case at ``position`` asks now this, now that: it is never foreseen again."""
        self._first.pop(position, None)
        self._varied.add(position)

    def foresee(self, positions: Sequence[int]) -> list[Step]:
        """The first requests of the cases at ``positions``, which will run in this order.

        Up to the first unknown one, and to the first case that may ask more than one.
        """
        found: list[Step] = []
        size = 0
        for position in positions[:MOST_CALLS]:
            step = self._first.get(position)
            if step is None or (size := size + step.size + 16) > MOST_BYTES:
                break
            found.append(step)
            if not step.is_last:
                break
        return found

    def _begin(self, position: int, task: str, asked: m.ToWorker) -> Step | None:
        """The first request of a case, if it means the same to every worker and is no larger than a buffer."""
        if not isinstance(asked, m.Call) or asked.handle is not None:
            return None
        if _holds_handle([*asked.args, *asked.kwargs.values()]):
            return None
        step = self._step(position, task, asked)
        if step is None or step.size > MOST_BYTES:
            return None
        self._first[position] = step
        return step

    def _step(self, position: int, task: str, asked: m.ToWorker) -> Step | None:
        if not isinstance(asked, m.Request):
            return None
        request = msgspec.structs.replace(asked, number=0)
        encoded = m.encode(request)
        if len(encoded) > self._left:
            return None
        self._left -= len(encoded)
        return Step(position, task, request, encoded)


def digest(message: m.ToWorker | m.FromWorker) -> bytes:
    """Of all that a message says but its number. By its bytes: 0.0 equals -0.0, and True equals 1."""
    if isinstance(message, m.Call | m.Attribute | m.Items | m.Returned | m.Raised | m.Missing | m.Unsendable):
        message = msgspec.structs.replace(message, number=0)
    return hashlib.sha256(m.encode(message)).digest()


def frame_digest(frame: bytes | bytearray) -> bytes:
    """Of a whole answer as it crosses, its number included."""
    return hashlib.sha256(frame).digest()


def _holds_handle(values: Iterable[v.Value]) -> bool:
    for value in values:
        if isinstance(value, v.HandleRef):
            return True
        if isinstance(value, v.List | v.Tuple) and _holds_handle(value.items):
            return True
        if isinstance(value, v.Dict) and _holds_handle(item for _, item in value.items):
            return True
        if isinstance(value, v.Slice) and _holds_handle((value.start, value.stop, value.step)):
            return True
    return False
