"""``student``, the fixture that stands for a submission in a suite.

Every value a check gets from here has crossed the wire: exact built-in types, arrays and tensors of the session's own,
or opaque handles. What the worker says about itself (names, texts, line numbers) is bounded and never trusted.
"""

from __future__ import annotations

import builtins
import time
from collections import deque
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any, Final

from grader.core import errors
from grader.core.failure import Failure
from grader.core.grade import Outcome
from grader.core.topic import Limits
from grader.core.verdict import Verdict
from grader.session.ahead import Ahead
from grader.session.recorder import Recorder
from grader.session.transport import WALL_FACTOR, Transport
from grader.testing.describe import call_words
from grader.testing.proxies import Echo, Handle
from grader.wire import messages as m
from grader.wire.codec import Codec
from grader.wire.values import HandleRef

MAX_TEXT: Final = 2000
MAX_TRACE: Final = 8000

_EXCEPTIONS: Final = {
    name for name, kind in vars(builtins).items() if isinstance(kind, type) and issubclass(kind, BaseException)
}

Connect = Callable[[], Transport]


class Student:
    """The submission as checks see it: ``student.conv2d(x, w)``, ``student.probe.f(h)``, ``student.echo.f(x)``."""

    def __init__(
        self,
        load: m.Load,
        connect: Connect,
        limits: Limits,
        parameters: dict[str, tuple[str, ...]],
        torch: ModuleType | None,
        recorder: Recorder | None = None,
        ahead: Ahead | None = None,
    ) -> None:
        self._load = load
        self._recorder = recorder
        self._ahead = ahead
        self._connect = connect
        self._limits = limits
        self._parameters = parameters
        self._codec = Codec(torch, self._handle_ref, self._handle)
        self._transport: Transport | None = None
        self._generation = 0
        self._number = 0
        self._task = ""
        self._deaths: dict[str, int] = {}
        self._spent: dict[str, errors.StudentFault] = {}
        self._fatal: errors.StudentFault | None = None
        # A call is limited in CPU seconds by the transport; these two bound the wall clock.
        self._check_left = limits.check_seconds * WALL_FACTOR
        self._left = limits.submission_seconds * WALL_FACTOR
        self.killed = False
        self.notes: tuple[str, ...] = ()
        self._last: tuple[str, tuple[Any, ...], dict[str, Any]] | None = None
        # Answers, or what came instead of one, to numbered requests that the check under way has yet to make.
        self._held: deque[tuple[int, m.FromWorker | errors.StudentFault]] = deque()
        self.on_close: Callable[[Transport], None] = lambda transport: None

    # ---- for suites

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *args, **kwargs: self._call(name, args, kwargs)

    @property
    def probe(self) -> _Caller:
        """The topic's probes: ``student.probe.gradients(block, x)``."""
        return _Caller(lambda name, args, kwargs: self._call(name, args, kwargs, probe=True))

    @property
    def echo(self) -> _Caller:
        """The same call, giving an :class:`~grader.testing.proxies.Echo`: the arguments after the call too."""
        return _Caller(lambda name, args, kwargs: self._call(name, args, kwargs, echo=True))

    # ---- for the session

    def begin_check(self, task: str) -> None:
        """A new check of ``task`` starts: its own seconds, and no call yet."""
        self._task = task
        self._check_left = self._limits.check_seconds * WALL_FACTOR
        self._last = None
        self._held.clear()
        if self._recorder is not None:
            self._recorder.begin()

    def end_check(self, outcome: Outcome) -> None:
        """The check, or one case of it, is over, and this came of it."""
        if self._ahead is not None:
            self._ahead.end(self._task, outcome.verdict is Verdict.PASSED)
        if self._recorder is not None:
            self._recorder.end(outcome.check, outcome.case, outcome.verdict is Verdict.PASSED)

    @property
    def last_call(self) -> str:
        """The call made last, in words: made when a check fails, since most don't."""
        if self._last is None:
            return ""
        name, args, kwargs = self._last
        return call_words(name, args, kwargs, self._parameters.get(name, ()))

    @property
    def last_arguments(self) -> tuple[Any, ...]:
        """What the call made last was given by position."""
        return () if self._last is None else self._last[1]

    def passes_as_before(self) -> bool:
        """Ask what the check that has begun will certainly ask; whether it has passed with these very answers before.

        Where it has not, the answers wait until the check asks.
        """
        if self._ahead is None or self._transport is None or self._fatal or self._task in self._spent:
            return False
        requests = self._ahead.foresee(self._number + 1, self._spent)
        while requests:
            self._number += 1
            try:
                reply = self._timed(self._transport, requests[0], requests[1:])
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

    def load(self) -> None:
        """Load the submission now; StudentFault or Unparsable says why it can't be."""
        self._ensure_loaded()

    def close(self) -> None:
        """End the worker."""
        if self._transport is not None:
            self.on_close(self._transport)
            self._transport.close()
            self._transport = None
        if self._ahead is not None:
            self._ahead.drop()

    # ---- for handles

    def call_handle(self, handle: Handle, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call the object behind ``handle``."""
        self._last = ("object", args, kwargs)
        packed, names = self._packed(args, kwargs)
        return self._ask(lambda n: m.Call(n, packed, names, handle=self._live(handle)))

    def attribute(self, handle: Handle, name: str) -> Any:
        """Read a public attribute of the object behind ``handle``."""
        return self._ask(lambda n: m.Attribute(n, self._live(handle), name))

    def items(self, handle: Handle, limit: int) -> list[Any]:
        """Iterate the object behind ``handle``."""
        items = self._ask(lambda n: m.Items(n, self._live(handle), limit))
        if type(items) is not list:
            raise self._rubbish("iterating gave no list")
        return items

    # ---- inside

    def _call(
        self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], probe: bool = False, echo: bool = False
    ) -> Any:
        if not probe:
            self._last = (name, args, kwargs)
        if not self._held:
            self._ensure_loaded()
        packed, names = self._packed(args, kwargs)
        reply = self._reply(lambda n: m.Call(n, packed, names, name=name, probe=probe, echo=echo))
        value = self._unpacked(reply.value)
        if not echo:
            return value
        sent = (*args, *kwargs.values())
        if reply.after is None or len(reply.after) != len(sent):
            raise self._rubbish("the arguments did not come back")
        return Echo(value, sent, tuple(self._unpacked(item) for item in reply.after))

    def _packed(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        """Arguments on the wire; a WireError here is the suite's own fault."""
        packed = self._codec.pack(*args, *kwargs.values())
        return packed[: len(args)], dict(zip(kwargs, packed[len(args) :], strict=True))

    def _ask(self, request: Callable[[int], m.ToWorker]) -> Any:
        return self._unpacked(self._reply(request).value)

    def _unpacked(self, value: Any) -> Any:
        try:
            return self._codec.unpack(value)[0]
        except errors.WireError as error:
            raise self._rubbish(str(error)) from None

    def _reply(self, request: Callable[[int], m.ToWorker]) -> m.Returned:
        """Send and wait; anything but a value for this very request raises."""
        if self._held:
            number, held = self._held[0]
        else:
            self._ensure_loaded()
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
            reply = self._timed(self._ensure_loaded(), asked) if held is None else held
        except errors.StudentFault as fault:
            self._record(asked, fault.verdict)
            raise
        if _number(reply) != number:
            raise self._rubbish("it answered out of turn")
        if self._ahead is not None:
            self._ahead.answered(reply)
        self._record(asked, reply)
        if isinstance(reply, m.Returned):
            return reply
        raise self._fault(reply)

    def _record(self, asked: m.ToWorker, reply: m.FromWorker | Verdict) -> None:
        if self._recorder is not None:
            self._recorder.add(asked, reply)

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

    def _ensure_loaded(self) -> Transport:
        fault = self._fatal or self._spent.get(self._task)
        if fault is not None:
            raise fault
        if self._transport is not None:
            return self._transport
        self._transport = self._connect()
        self._generation += 1
        try:
            reply = self._timed(self._transport, self._load)
            unparsable = reply if isinstance(reply, m.Unparsable) else None
            if isinstance(reply, m.Parsed):
                reply = self._timed(self._transport, m.Run())
        except errors.StudentFault as fault:
            # What a module does when it is loaded it would do again: no second try.
            self._fatal = fault
            raise
        if isinstance(reply, m.Loaded):
            self.notes = tuple(note[:MAX_TEXT] for note in reply.notes[:100])
            return self._transport
        self.close()
        if unparsable is not None:
            where = self._where(unparsable.place)
            self._fatal = Unparsable(f"{where}: {unparsable.reason[:200]}", place=_pair(unparsable.place))
        else:
            at_load = isinstance(reply, m.Raised | m.Forbidden) and reply.number == 0
            answer = self._fault(reply) if at_load else None
            # A CheckFailure, which some replies to a call are, belongs to a check: here it would end the session.
            if isinstance(answer, errors.StudentFault):
                self._fatal = answer
            else:
                self._fatal = self._rubbish("it answered with a message that does not belong here")
        raise self._fatal

    def _fault(self, reply: m.FromWorker) -> errors.StudentFault | errors.CheckFailure:
        """The exception for a reply that is no value."""
        if isinstance(reply, m.Raised):
            bases = tuple(name for name in reply.bases[:20] if name in _EXCEPTIONS)
            # torch reports a failed allocation as a RuntimeError.
            if "MemoryError" in bases or "can't allocate memory" in reply.text[:MAX_TEXT]:
                return errors.StudentOutOfMemory("it asked for more memory than allowed", place=_pair(reply.place))
            return errors.StudentRaised(
                bases, reply.text[:MAX_TEXT], place=_pair(reply.place), trace=reply.trace[:MAX_TRACE]
            )
        if isinstance(reply, m.Missing):
            what = "defines no" if reply.absent else "has something that can't be called as"
            called = self.last_call.partition("(")[0]
            return errors.StudentMissing(f"the submission {what} {called}")
        if isinstance(reply, m.Forbidden):
            ban = next((ban for ban in self._load.banned if ban.name == reply.name), None)
            if ban is None:
                return self._rubbish("it named a ban that does not exist")
            instead = f"; use {ban.instead} instead" if ban.instead else ""
            reason = f"{self._where(reply.place)} uses {ban.name}, which this topic bans{instead}"
            return errors.StudentForbidden(reason, place=_pair(reply.place))
        if isinstance(reply, m.Unsendable):
            return errors.WrongDtype(
                Failure(stage="type", expected="an array, a number or a small container", actual="a value too big")
            )
        return self._rubbish("it answered with a message that does not belong here")

    def _where(self, place: m.Place | None) -> str:
        """``convolution.py, line 3``; the worker names numbers only, and they must exist."""
        cells = self._load.cells
        if place is None or not 0 <= place.cell < len(cells):
            return cells[0].label.partition(",")[0] if cells else "the submission"
        known = 1 <= place.line <= cells[place.cell].text.count("\n") + 1
        return f"{cells[place.cell].label}, line {place.line}" if known else cells[place.cell].label

    def _rubbish(self, why: str) -> errors.StudentCrashed:
        """A reply that no honest worker sends: the worker is ended."""
        fault = errors.StudentCrashed(why)
        self._died(fault)
        return fault

    def _died(self, fault: errors.StudentFault) -> None:
        self.close()
        self.killed = self.killed or isinstance(fault, errors.StudentKilled)
        deaths = self._deaths[self._task] = self._deaths.get(self._task, 0) + 1
        if self._left <= 0:
            self._fatal = fault
        elif deaths > self._limits.restarts:
            # By task: what ends its worker again and again must not cost the others.
            self._spent[self._task] = fault

    # ---- handles

    def _handle(self, ref: HandleRef) -> Handle:
        return _Numbered(self, ref.number, ref.kind[:80], self._generation)

    def _live(self, handle: Handle) -> int:
        gone = self._transport is None and not self._held
        if not isinstance(handle, _Numbered) or handle.generation != self._generation or gone:
            raise errors.StudentCrashed("the object went with its process")
        return handle.number

    def _handle_ref(self, value: Any) -> HandleRef | None:
        return HandleRef(self._live(value)) if isinstance(value, Handle) else None


class Unparsable(errors.StudentFault):
    """The submission is no Python: it is not gradable."""


def _number(reply: m.FromWorker) -> int | None:
    return getattr(reply, "number", None)


def _pair(place: m.Place | None) -> tuple[int, int] | None:
    return (place.cell, place.line) if place is not None else None


class _Numbered(Handle):
    """A handle that knows which worker it belongs to."""

    __slots__ = ("generation",)

    def __init__(self, link: Student, number: int, kind: str, generation: int) -> None:
        super().__init__(link, number, kind)
        self.generation = generation


class _Caller:
    """Turns ``caller.name(*args)`` into one function's call."""

    def __init__(self, call: Callable[[str, tuple[Any, ...], dict[str, Any]], Any]) -> None:
        self._run = call

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return lambda *args, **kwargs: self._run(name, args, kwargs)
