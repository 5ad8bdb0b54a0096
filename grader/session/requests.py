"""What a submission is asked, in numbered requests, and what it answered: sent ahead, held back and recorded."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from grader.core import errors
from grader.core.grade import Outcome
from grader.core.verdict import Verdict
from grader.session.ahead import Ahead
from grader.session.faults import fault_of
from grader.session.recorder import Recorder
from grader.session.workers import Workers
from grader.wire import messages as m


class Requests:
    """Asks the workers what the checks ask, and what they will certainly ask next."""

    def __init__(self, workers: Workers, recorder: Recorder | None, ahead: Ahead | None) -> None:
        self._workers = workers
        self._recorder = recorder
        self._ahead = ahead
        self._number = 0
        self._task = ""
        # Answers, or what came instead of one, to numbered requests that the check under way has yet to make.
        self._held: deque[tuple[int, m.FromWorker | errors.StudentFault]] = deque()

    @property
    def holds(self) -> bool:
        """Whether the next request has been answered already."""
        return bool(self._held)

    def begin_check(self, task: str) -> None:
        """A new check of ``task`` starts: its own seconds, and nothing asked yet."""
        self._task = task
        self._workers.begin_check(task)
        self._held.clear()
        if self._recorder is not None:
            self._recorder.begin()

    def end_check(self, outcome: Outcome) -> None:
        """The check, or one case of it, is over, and this came of it."""
        if self._ahead is not None:
            self._ahead.end(self._task, outcome.verdict is Verdict.PASSED)
        if self._recorder is not None:
            self._recorder.end(outcome.check, outcome.case, outcome.verdict is Verdict.PASSED)

    def passed_meanwhile(self, position: int) -> bool:
        """Whether the case at ``position``, which has not begun, was asked ahead and has passed as before already.

        Nothing is made of what came: its bytes are those of an answer with which the case passed.
        """
        ahead, number = self._ahead, self._number + 1
        if ahead is None or not self._workers.settles(lambda frame: ahead.passes(position, number, frame)):
            return False
        self._number = number
        return True

    def passes_as_before(self) -> bool:
        """Ask what the check that has begun will certainly ask; whether it has passed with these very answers before.

        Where it has not, the answers wait until the check asks.
        """
        if self._ahead is None or not self._workers.usable:
            return False
        requests = self._ahead.foresee(self._number + 1, self._workers.spent_tasks)
        while requests:
            self._number += 1
            try:
                reply = self._workers.ask(requests[0], requests[1:])
            except errors.StudentFault as fault:
                self._held.append((self._number, fault))
                return False
            self._held.append((self._number, reply))
            following = _number(reply) == self._number and self._ahead.follow(reply, self._number + 1)
            if following is True:
                self._held.clear()
                return True
            requests = [following] if following else []
        return False

    def reply(self, request: Callable[[int], m.ToWorker], called: Callable[[], str]) -> m.Returned:
        """The value that answers ``request``, which is made with its number; anything else raises.

        ``called`` gives the name of what was called, for words about it.
        """
        if self._held:
            number, held = self._held[0]
        else:
            self._workers.ensure_loaded()
            self._number = number = self._number + 1
            held = None
        asked = request(number)
        if self._ahead is not None:
            self._ahead.ask(asked)
        if held is not None:
            self._held.popleft()
        try:
            if isinstance(held, errors.StudentFault):
                raise held
            reply = self._workers.ask(asked) if held is None else held
        except errors.StudentFault as fault:
            self._record(asked, fault.verdict)
            raise
        if _number(reply) != number:
            raise self._workers.rubbish("it answered out of turn")
        if self._ahead is not None:
            self._ahead.answered(reply)
        self._record(asked, reply)
        if isinstance(reply, m.Returned):
            return reply
        raise fault_of(reply, self._workers.load, called(), self._workers.rubbish)

    def drop(self) -> None:
        """A worker is gone, with what it had not answered."""
        if self._ahead is not None:
            self._ahead.drop()

    def _record(self, asked: m.ToWorker, reply: m.FromWorker | Verdict) -> None:
        if self._recorder is not None:
            self._recorder.add(asked, reply)


def _number(reply: m.FromWorker) -> int | None:
    return getattr(reply, "number", None)
