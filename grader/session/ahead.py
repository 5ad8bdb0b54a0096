"""What a suite will certainly ask next, so that it can be sent before the last answer has come.

A case that asks one thing asks the same of every submission. Once a submission has passed it, that request is known,
and is sent together with those of the cases that follow, as far as they will run whatever the answers: a case that
depends on a check still under way is not, nor is a hidden one while a public one runs. A worker takes them in turn and
answers each when it is done, so that it is asked the same in the same order; only the waits between are gone. Where a
case asks something else after all, the submission is run again, one request at a time.

An answer that passed such a case passes it again: a case that has asked the same of several submissions is not run on
an answer that it has passed before, to the last bit.
"""

from __future__ import annotations

import hashlib
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

SURE_AFTER: Final = 3
"""How many submissions a case must have asked the same: one that draws its inputs anew each time has shown it then."""

MOST_ANSWERS: Final = 1000
"""How many different answers that passed one case are remembered, each by its digest."""


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
        self._times: dict[int, int] = {}
        self._passing: dict[int, set[bytes]] = {}

    def knows(self, position: int) -> bool:
        """Whether there is nothing more to learn of the request of the case at ``position``."""
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
            self._times[position] = 1
        else:
            self._varied.add(position)

    def confirm(self, position: int, passing: m.FromWorker | None) -> None:
        """The case at ``position`` has asked what was foreseen once more, and passed with the answer ``passing``."""
        self._times[position] = self._times.get(position, 0) + 1
        answers = self._passing.setdefault(position, set())
        if passing is not None and len(answers) < MOST_ANSWERS:
            answers.add(_digest(passing))

    def passes(self, position: int, reply: m.FromWorker) -> bool:
        """Whether the case at ``position``, which always asks the same, has passed with this very answer before."""
        answers = self._passing.get(position, ())
        return len(answers) > 0 and self._times[position] >= SURE_AFTER and _digest(reply) in answers

    def forget(self, position: int) -> None:
        """The case at ``position`` asks now this, now that: it is never foreseen again."""
        self._known.pop(position, None)
        self._passing.pop(position, None)
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
    """One submission's requests, case by case: which are foreseen, and which were sent and not asked by a case yet.

    Without ``remember`` every case is run, whatever is known of its answer.
    """

    def __init__(self, plan: Plan, *, remember: bool = True) -> None:
        self._plan = plan
        self._remember = remember
        self._position = -1
        self._certain: Callable[[], Sequence[int]] = tuple
        self._waiting: deque[Foreseen] = deque()
        self._answered: Foreseen | None = None
        self._reply: m.FromWorker | None = None
        self._confirmed = False
        self._asked: list[m.ToWorker] = []
        self.out_of_step = False

    def begin(self, position: int, certain: Callable[[], Sequence[int]]) -> None:
        """A case starts; ``certain`` gives the positions of those that will run, it and what follows, in order."""
        self._position, self._certain = position, certain
        self._asked = []
        self._answered, self._reply, self._confirmed = None, None, False

    def foresee(self, number: int, spent: Container[str]) -> tuple[m.Call, tuple[m.Call, ...]] | None:
        """What the case will ask, with this number, and what may be sent along with it; None where that is not known.

        Nothing is foreseen of the tasks in ``spent``.
        """
        if self._waiting:
            if self._waiting[0].position != self._position:
                return None
            self._answered = self._waiting.popleft()
        else:
            foreseen = self._plan.foresee(self._certain()) if self._plan.foresees(self._position) else []
            if not foreseen or foreseen[0].position != self._position:
                return None
            self._answered = foreseen[0]
            self._waiting.extend(itertools.takewhile(lambda each: each.task not in spent, foreseen[1:]))
            following = enumerate(self._waiting, start=number + 1)
            return _numbered(self._answered, number), tuple(_numbered(each, n) for n, each in following)
        return _numbered(self._answered, number), ()

    def settles(self, reply: m.FromWorker) -> bool:
        """Whether this answer to what was foreseen has passed the case before: then it need not run."""
        self._reply = reply
        if not (self._remember and self._plan.passes(self._position, reply)):
            return False
        self._answered = None
        return True

    def ask(self, asked: m.ToWorker) -> None:
        """The case asks this; OutOfStep where the worker has been asked something else already."""
        self._asked.append(asked)
        foreseen, self._answered = self._answered, None
        if foreseen is not None and _same(foreseen, asked):
            self._confirmed = True
        elif foreseen is not None or self._waiting:
            self._lose_step()
            raise OutOfStep
        if len(self._asked) > 1 and self._plan.knows(self._position):
            self._plan.forget(self._position)

    def end(self, task: str, passed: bool) -> None:
        """The case is over: what it asked is learnt from, and what it should have asked has been."""
        if self._answered is not None or (self._waiting and self._waiting[0].position <= self._position):
            self._lose_step()
        elif self._confirmed and len(self._asked) == 1:
            self._plan.confirm(self._position, self._reply if passed else None)
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


def _numbered(foreseen: Foreseen, number: int) -> m.Call:
    return msgspec.structs.replace(foreseen.request, number=number)


def _digest(reply: m.FromWorker) -> bytes:
    """Of all that an answer says but its number."""
    if isinstance(reply, m.Returned):
        reply = msgspec.structs.replace(reply, number=0)
    return hashlib.sha256(m.encode(reply)).digest()


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
