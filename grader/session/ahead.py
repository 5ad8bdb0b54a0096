"""What a suite will certainly ask next, so that it can be sent before the last answer has come.

What a case asks first is the same for every submission, and is sent together with that of the cases that follow, as
far as they will run whatever the answers: a case that depends on a check still under way is not, nor is a hidden one
while a public one runs, nor what follows a case that may ask twice. A worker takes them in turn and answers each when
it is done, so that it is asked the same in the same order; only the waits between are gone. Where a case asks
something else after all, the submission is run again, one request at a time.

Answers that passed a case pass it again: a case that has asked the same of several submissions is not run where it is
answered, to the last bit, as one of those that passed.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Container, Iterator, Sequence

import msgspec

from grader.core.grade import CheckSpec
from grader.core.scoring import blocked_by
from grader.core.verdict import Verdict
from grader.session.known import MOST_ANSWERS, SURE_AFTER, Plan, Step, digest, frame_digest
from grader.wire import messages as m


class OutOfStep(Exception):
    """A case asked something else than foreseen, and the worker has seen what follows: the run must be made again."""


class Ahead:
    """One submission's requests, case by case: which are foreseen, and which were sent and not asked by a case yet.

    Without ``remember`` every case is run, whatever is known of its answers.
    """

    def __init__(self, plan: Plan, *, remember: bool = True) -> None:
        self._plan = plan
        self._remember = remember
        self._waiting: deque[Step] = deque()
        self.out_of_step = False
        self.begin(-1, tuple)

    def begin(self, position: int, certain: Callable[[], Sequence[int]]) -> None:
        """A case starts; ``certain`` gives the positions of those that will run, it and what follows, in order."""
        self._position, self._certain = position, certain
        self._sent: deque[Step] = deque()
        self._asked: list[m.ToWorker] = []
        self._answers: list[m.FromWorker] = []
        self._settled = False

    def foresee(self, number: int, spent: Container[str]) -> list[m.Request]:
        """What the case will ask first, with this number, and what may be sent along; nothing where it is not known.

        Nothing is foreseen of the tasks in ``spent``.
        """
        if self._waiting:
            if self._waiting[0].position != self._position:
                return []
            self._sent.append(self._waiting.popleft())
            return [_numbered(self._sent[0], number)]
        foreseen = self._plan.foresee(self._certain()) if self._plan.foresees(self._position) else []
        if not foreseen or foreseen[0].position != self._position:
            return []
        self._sent.append(foreseen[0])
        self._waiting.extend(itertools.takewhile(lambda each: each.task not in spent, foreseen[1:]))
        return [_numbered(each, n) for n, each in enumerate((foreseen[0], *self._waiting), start=number)]

    def passes(self, position: int, number: int, frame: bytes | bytearray) -> bool:
        """Whether the case at ``position``, asked ahead with this ``number``, passes as before by ``frame``, unopened.

        If so it is over; if not it has yet to begin.
        """
        if not self._waiting or self._waiting[0].position != position or not self._remember:
            return False
        if self._waiting[0].frames.get(frame_digest(frame)) != number:
            return False
        self._waiting.popleft()
        return True

    def follow(self, answer: m.FromWorker, number: int) -> m.Request | bool:
        """What the case will ask after this answer, with this number.

        True where it has passed with its answers before and need not run, False where it has to: it alone knows.
        """
        step = self._sent[-1]
        if not self._remember or step.times < SURE_AFTER:
            return False
        following = step.after.get(digest(answer), step)
        if following is step or (following is not None and self._waiting):
            return False
        if following is None:
            if len(self._sent) == 1 and len(step.frames) < MOST_ANSWERS:
                step.frames[frame_digest(m.encode(answer))] = number - 1
            self._sent.clear()
            self._settled = True
            return True
        self._sent.append(following)
        return _numbered(following, number)

    def ask(self, asked: m.ToWorker) -> None:
        """The case asks this; OutOfStep where the worker has been asked something else already."""
        self._asked.append(asked)
        if self._sent:
            if self._sent.popleft().digest != digest(asked):
                self._lose_step()
                raise OutOfStep
        elif self._waiting:
            self._lose_step()
            raise OutOfStep

    def answered(self, answer: m.FromWorker) -> None:
        """To what the case asked last."""
        self._answers.append(answer)

    def end(self, task: str, passed: bool) -> None:
        """The case is over: what it asked is learnt from, and what it should have asked has been."""
        if self._sent or (self._waiting and self._waiting[0].position <= self._position):
            self._lose_step()
        elif not self._settled:
            exchanges = list(itertools.zip_longest(self._asked, self._answers))
            self._plan.learn(self._position, task, exchanges, passed)

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
        if check.visibility != checks[position].visibility:
            return
        verdicts: dict[str, Verdict] = {}
        for name in check.depends:
            verdict = settled(name)
            if verdict is None:
                return
            verdicts[name] = verdict
        if blocked_by(check, verdicts) is None:
            yield later


def _numbered(step: Step, number: int) -> m.Request:
    return msgspec.structs.replace(step.request, number=number)
