"""A submission's workers, one after another: each loaded, its time counted, replaced when it dies, up to a bound."""

from __future__ import annotations

import time
from collections.abc import Callable, Container, Sequence

from grader.core import errors
from grader.core.topic import Limits
from grader.session.faults import ELSEWHERE, MAX_TEXT, fault_of, unparsable
from grader.session.transport import WALL_FACTOR, Transport
from grader.wire import messages as m

Connect = Callable[[], Transport]


class Workers:
    """Where a submission's requests go. ``generation`` numbers the workers; ``killed``: one was, from outside."""

    def __init__(self, load: m.Load, connect: Connect, limits: Limits, on_close: Callable[[Transport], None]) -> None:
        """``on_close`` is given each worker's transport before it is closed."""
        self.load = load
        self._connect = connect
        self._limits = limits
        self._transport: Transport | None = None
        self._task = ""
        self._deaths: dict[str, int] = {}
        self._spent: dict[str, errors.StudentFault] = {}
        self._fatal: errors.StudentFault | None = None
        # A call is limited in CPU seconds by the transport; these two bound the wall clock.
        self._check_left = limits.check_seconds * WALL_FACTOR
        self._left = limits.submission_seconds * WALL_FACTOR
        self.generation = 0
        self.killed = False
        self.notes: tuple[str, ...] = ()
        self._on_close = on_close

    def begin_check(self, task: str) -> None:
        """A new check of ``task`` starts, with seconds of its own."""
        self._task = task
        self._check_left = self._limits.check_seconds * WALL_FACTOR

    @property
    def alive(self) -> bool:
        """Whether there is a loaded worker now."""
        return self._transport is not None

    @property
    def usable(self) -> bool:
        """Whether there is one that the check under way may still ask."""
        return self._transport is not None and not self._fatal and self._task not in self._spent

    @property
    def spent_tasks(self) -> Container[str]:
        """The tasks whose checks have ended as many workers as they may."""
        return self._spent

    def ensure_loaded(self) -> Transport:
        """The worker there is, or a fresh one; StudentFault says why there is none, Unparsable that there can't be."""
        fault = self._fatal or self._spent.get(self._task)
        if fault is not None:
            raise fault
        if self._transport is not None:
            return self._transport
        self._transport = transport = self._connect()
        self.generation += 1
        try:
            reply = self._timed(transport, self.load)
            refused = reply if isinstance(reply, m.Unparsable) else None
            if isinstance(reply, m.Parsed):
                reply = self._timed(transport, m.Run())
        except errors.StudentFault as fault:
            # What a module does when it is loaded it would do again: no second try.
            self._fatal = fault
            raise
        if isinstance(reply, m.Loaded):
            self.notes = tuple(note[:MAX_TEXT] for note in reply.notes[:100])
            return transport
        self.close()
        self._fatal = unparsable(refused, self.load) if refused is not None else self._fault_at_load(reply)
        raise self._fatal

    def ask(self, request: m.ToWorker, following: Sequence[m.Request] = ()) -> m.FromWorker:
        """The reply of the loaded worker, whatever it is; StudentFault where none comes."""
        return self._timed(self.ensure_loaded(), request, following)

    def settles(self, accept: Callable[[bytearray], bool]) -> bool:
        """As :meth:`Transport.settles`, of the worker there is."""
        return self._transport is not None and self._transport.settles(accept)

    def rubbish(self, why: str) -> errors.StudentCrashed:
        """The fault of a reply that no honest worker sends: the worker is ended."""
        fault = errors.StudentCrashed(why)
        self._died(fault)
        return fault

    def close(self) -> None:
        """End the worker."""
        if self._transport is not None:
            self._on_close(self._transport)
            self._transport.close()
            self._transport = None

    def _fault_at_load(self, reply: m.FromWorker) -> errors.StudentFault:
        at_load = isinstance(reply, m.Raised | m.Forbidden) and reply.number == 0
        fault = fault_of(reply, self.load, "", self.rubbish) if at_load else None
        # A CheckFailure, which some replies to a call are, belongs to a check: here it would end the session.
        return fault if isinstance(fault, errors.StudentFault) else self.rubbish(ELSEWHERE)

    def _timed(self, transport: Transport, request: m.ToWorker, following: Sequence[m.Request] = ()) -> m.FromWorker:
        seconds = min(self._limits.call_seconds, self._check_left, self._left)
        if seconds <= 0:
            raise errors.StudentTimedOut("the time for this check, or for the whole submission, is used up")
        start = time.monotonic()
        try:
            return transport.call(request, seconds, following)
        except errors.StudentFault as fault:
            self._died(fault)
            raise
        finally:
            spent = time.monotonic() - start
            self._check_left -= spent
            self._left -= spent

    def _died(self, fault: errors.StudentFault) -> None:
        self.close()
        self.killed = self.killed or isinstance(fault, errors.StudentKilled)
        deaths = self._deaths[self._task] = self._deaths.get(self._task, 0) + 1
        if self._left <= 0:
            self._fatal = fault
        elif deaths > self._limits.restarts:
            # By task: what ends its worker again and again must not cost the others.
            self._spent[self._task] = fault
