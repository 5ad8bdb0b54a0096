"""``student``, the fixture that stands for a submission in a suite.

Every value a check gets from here has crossed the wire: exact built-in types, arrays and tensors of the session's own,
or opaque handles.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

from grader.core import errors
from grader.core.grade import Outcome
from grader.core.topic import Limits
from grader.session.ahead import Ahead
from grader.session.recorder import Recorder
from grader.session.requests import Requests
from grader.session.transport import Transport
from grader.session.workers import Connect, Workers
from grader.testing.describe import call_words
from grader.testing.proxies import Echo, Handle
from grader.wire import messages as m
from grader.wire.codec import Codec
from grader.wire.values import HandleRef


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
        self._parameters = parameters
        self._codec = Codec(torch, self._handle_ref, self._handle)
        self._workers = Workers(load, connect, limits, self._closing)
        self._requests = Requests(self._workers, recorder, ahead)
        self._last: tuple[str, tuple[Any, ...], dict[str, Any]] | None = None
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
        self._last = None
        self._requests.begin_check(task)

    def end_check(self, outcome: Outcome) -> None:
        """The check, or one case of it, is over, and this came of it."""
        self._requests.end_check(outcome)

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

    @property
    def killed(self) -> bool:
        """Whether a worker was killed from outside."""
        return self._workers.killed

    @property
    def notes(self) -> tuple[str, ...]:
        """What the worker told of cells that were skipped or raised."""
        return self._workers.notes

    def passed_meanwhile(self, position: int) -> bool:
        """Whether the case at ``position``, before it begins, has been asked ahead and answered as when it passed."""
        return self._requests.passed_meanwhile(position)

    def passes_as_before(self) -> bool:
        """Whether the check that has begun has passed before with the very answers that it will get now."""
        return self._requests.passes_as_before()

    def load(self) -> None:
        """Load the submission now; StudentFault or Unparsable says why it can't be."""
        self._workers.ensure_loaded()

    def close(self) -> None:
        """End the worker."""
        self._workers.close()

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
            raise self._workers.rubbish("iterating gave no list")
        return items

    # ---- inside

    def _call(
        self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], probe: bool = False, echo: bool = False
    ) -> Any:
        if not probe:
            self._last = (name, args, kwargs)
        if not self._requests.holds:
            self._workers.ensure_loaded()
        packed, names = self._packed(args, kwargs)
        reply = self._reply(lambda n: m.Call(n, packed, names, name=name, probe=probe, echo=echo))
        value = self._unpacked(reply.value)
        if not echo:
            return value
        sent = (*args, *kwargs.values())
        if reply.after is None or len(reply.after) != len(sent):
            raise self._workers.rubbish("the arguments did not come back")
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
            raise self._workers.rubbish(str(error)) from None

    def _reply(self, request: Callable[[int], m.ToWorker]) -> m.Returned:
        return self._requests.reply(request, lambda: self.last_call.partition("(")[0])

    def _closing(self, transport: Transport) -> None:
        self.on_close(transport)
        self._requests.drop()

    def _handle(self, ref: HandleRef) -> Handle:
        return _Numbered(self, ref.number, ref.kind[:80], self._workers.generation)

    def _live(self, handle: Handle) -> int:
        gone = not self._workers.alive and not self._requests.holds
        if not isinstance(handle, _Numbered) or handle.generation != self._workers.generation or gone:
            raise errors.StudentCrashed("the object went with its process")
        return handle.number

    def _handle_ref(self, value: Any) -> HandleRef | None:
        return HandleRef(self._live(value)) if isinstance(value, Handle) else None


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
