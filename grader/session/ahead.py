"""What a suite will certainly ask next, so that it can be sent before the last answer has come.

A case that asks one thing asks the same of every submission. Once a submission has passed it, that request is known,
and is sent together with those of the cases that follow, as far as they will run whatever the answers: a case that
depends on a check still under way is not, nor is a hidden one while a public one runs. A worker takes them in turn and
answers each when it is done, so that it is asked the same in the same order; only the waits between are gone. Where a
case asks something else after all, the submission is run again, one request at a time.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from typing import Final

import msgspec

from grader.core.grade import CheckSpec
from grader.core.scoring import blocked_by
from grader.core.verdict import Verdict
from grader.wire import messages as m
from grader.wire import values as v

MOST_BYTES: Final = 2**15
"""What is sent ahead fits into a socket's buffer: nobody waits for a worker that waits for us."""

MOST_CALLS: Final = 32


class Foreseen(msgspec.Struct, frozen=True):
    """The one request of the case at ``position``; ``encoded`` is the request with number 0, for comparison."""

    position: int
    task: str
    request: m.Call
    encoded: bytes


class Plan:
    """What is known of a suite's cases by their positions, gathered while submissions are graded."""

    def __init__(self) -> None:
        self._known: dict[int, Foreseen] = {}
        self._varied: set[int] = set()

    def knows(self, position: int) -> bool:
        """Whether there is nothing more to learn of the case at ``position``."""
        return position in self._known or position in self._varied

    def foresees(self, position: int) -> bool:
        """Whether the request of the case at ``position`` is known."""
        return position in self._known

    def learn(self, position: int, task: str, request: m.Call) -> None:
        """The case at ``position`` passed, having asked ``request`` and nothing else."""
        request = msgspec.structs.replace(request, number=0)
        encoded = m.encode(request)
        if len(encoded) <= MOST_BYTES:
            self._known[position] = Foreseen(position, task, request, encoded)
        else:
            self._varied.add(position)

    def forget(self, position: int) -> None:
        """The case at ``position`` asks now this, now that: it is never foreseen again."""
        self._known.pop(position, None)
        self._varied.add(position)

    def foresee(self, positions: Sequence[int]) -> list[Foreseen]:
        """The requests of the cases at ``positions``, which will run in this order: up to the first unknown one."""
        found: list[Foreseen] = []
        size = 0
        for position in positions[:MOST_CALLS]:
            foreseen = self._known.get(position)
            if foreseen is None or (size := size + len(foreseen.encoded) + 16) > MOST_BYTES:
                break
            found.append(foreseen)
        return found


class OutOfStep(Exception):
    """A case asked something else than foreseen, and the worker has seen what follows: the run must be made again."""


class Ahead:
    """One submission's requests, case by case: which are foreseen, and which were sent ahead and not asked yet."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._position = -1
        self._certain: Callable[[], Sequence[int]] = tuple
        self._waiting: deque[Foreseen] = deque()
        self._asked: list[m.ToWorker] = []
        self.out_of_step = False

    def begin(self, position: int, certain: Callable[[], Sequence[int]]) -> None:
        """A case starts; ``certain`` gives the positions of those that will run, it and what follows, in order."""
        self._position, self._certain = position, certain
        self._asked = []

    def follow(self, asked: m.ToWorker, number: int, spent: Container[str]) -> tuple[m.Call, ...]:
        """What may be sent along with ``asked``, which has this number; OutOfStep where it is not what was foreseen.

        Nothing is foreseen of the tasks in ``spent``.
        """
        self._asked.append(asked)
        first = len(self._asked) == 1
        if self._waiting:
            head = self._waiting.popleft()
            if not (first and head.position == self._position and _same(head, asked)):
                self._lose_step()
                raise OutOfStep
            return ()
        if not first:
            if self._plan.knows(self._position):
                self._plan.forget(self._position)
            return ()
        foreseen = self._plan.foresee(self._certain()) if self._plan.foresees(self._position) else []
        if not foreseen or foreseen[0].position != self._position:
            return ()
        if not _same(foreseen[0], asked):
            self._plan.forget(self._position)
            return ()
        self._waiting.extend(itertools.takewhile(lambda each: each.task not in spent, foreseen[1:]))
        return tuple(
            msgspec.structs.replace(each.request, number=number + n) for n, each in enumerate(self._waiting, start=1)
        )

    def end(self, task: str, passed: bool) -> None:
        """The case is over: what it asked is learnt from, and what it should have asked has been."""
        if self._waiting and self._waiting[0].position <= self._position:
            self._lose_step()
        elif passed and not self._plan.knows(self._position):
            only = self._asked[0] if len(self._asked) == 1 else None
            if (
                isinstance(only, m.Call)
                and only.handle is None
                and not _holds_handle([*only.args, *only.kwargs.values()])
            ):
                self._plan.learn(self._position, task, only)
            else:
                self._plan.forget(self._position)

    def drop(self) -> None:
        """The worker is gone, with what it had not answered: that is asked again, of the next one."""
        self._waiting.clear()

    def _lose_step(self) -> None:
        self.out_of_step = True
        self._plan.forget(self._position)


def certain_after(
    position: int, checks: Sequence[CheckSpec], settled: Callable[[str], Verdict | None]
) -> Iterator[int]:
    """``position``, and those after it whose cases will run whatever this one answers, in order.

    ``checks`` has each position's check; ``settled`` gives a check's verdict, or None while it is under way. It ends
    where public checks end: what these may show is closed before a hidden input is sent.
    """
    yield position
    for later in range(position + 1, len(checks)):
        check = checks[later]
        verdicts = {name: verdict for name in check.depends if (verdict := settled(name)) is not None}
        if check.visibility != checks[position].visibility or len(verdicts) < len(set(check.depends)):
            return
        if blocked_by(check, verdicts) is None:
            yield later


def _same(foreseen: Foreseen, asked: m.ToWorker) -> bool:
    """By the bytes: 0.0 equals -0.0, and True equals 1, but they are not the same to ask."""
    return isinstance(asked, m.Call) and m.encode(msgspec.structs.replace(asked, number=0)) == foreseen.encoded


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
