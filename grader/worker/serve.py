"""The worker's loop: load the submission, then answer calls until the session hangs up.

Everything here runs in the process of the student's code and may be tampered with by it. That is of no use: what is
sent is only ever a value, and the session decides what it is worth.
"""

from __future__ import annotations

import builtins
import gc
import os
import socket
import sys
import types
from typing import Any

from grader.core.errors import WireError
from grader.wire import messages as m
from grader.wire.codec import Codec
from grader.wire.frames import Channel, Closed
from grader.wire.values import HandleRef
from grader.worker import excinfo
from grader.worker.bans import ForbiddenName
from grader.worker.output import bound_output
from grader.worker.runtime import seed_generators
from grader.worker.submission import Submission, Unreadable


def greet(sock: socket.socket, message: m.Ready | m.Broken) -> None:
    """Tell the session, before anything of the student's has been read, whether this worker is confined."""
    Channel(sock).send(m.encode(message))


def furnish(home: str) -> None:
    """Make the process what a submission finds: a bare environment, ``home`` its directory, and bounded output."""
    os.environ.clear()
    os.environ.update({"OMP_NUM_THREADS": "1", "LANG": "C.UTF-8"})
    move_in(home)
    bound_output()


def move_in(home: str) -> None:
    """Say that ``home`` is the private directory."""
    os.environ["HOME"] = os.environ["TMPDIR"] = home
    tempfile: Any = sys.modules.get("tempfile")
    if tempfile is not None:
        # Asked once, as by torch's import, it goes on naming the host's folder, where no worker may write.
        tempfile.tempdir = home


def serve(sock: socket.socket, answers: Answers) -> None:
    """Answer the session on ``sock`` until it hangs up, by ``answers``, which have answered nothing yet."""
    channel = Channel(sock)
    try:
        first = m.decode_to_worker(channel.receive())
        if not isinstance(first, m.Load):
            raise WireError("the first message is not Load")
        # A syntax tree has no cycles: to look for some in thousands of nodes costs as much as to make them.
        gc.disable()
        prepared = answers.prepare(first)
        gc.enable()
        channel.send(m.encode(prepared))
        while True:
            channel.send(m.encode(answers.answer(m.decode_to_worker(channel.receive()))))
    except Closed:
        return
    except MemoryError:
        os._exit(m.NO_MEMORY)


class Answers:
    """The submission's module and objects, and the reply to each request about them.

    Made once the runtime is imported, before a submission is there: what the codec is made of is the same for all.
    """

    def __init__(self) -> None:
        self._module = types.ModuleType("")
        self._submission: Submission | None = None
        self._probe_text: str | None = None
        self._probes: types.ModuleType | None = None
        self._objects: dict[int, Any] = {}
        self._codec = Codec(sys.modules.get("torch"), self._keep, self._fetch)
        self._labels: tuple[str, ...] = ()

    def prepare(self, request: m.Load) -> m.FromWorker:
        """Compile and scan the submission; none of it runs."""
        if request.seed != m.SEED:
            # With that one the runtime has been seeded.
            seed_generators(request.seed)
        self._module.__name__ = request.module
        self._labels = tuple(cell.label for cell in request.cells)
        self._probe_text = request.probes
        try:
            self._submission = Submission(request)
        except Unreadable as error:
            return m.Unparsable(error.reason, error.place)
        except ForbiddenName as error:
            return m.Forbidden(0, error.name, error.place)
        return m.Parsed()

    def _load(self) -> m.FromWorker:
        """Run the submission's module; what came of it."""
        if self._submission is None:
            raise WireError("Run before Load")
        try:
            notes = self._submission.run(self._module)
            self._probes = _run_probes(self._probe_text, self._module)
        except ForbiddenName as error:
            return m.Forbidden(0, error.name, error.place)
        except BaseException as error:
            return self._raised(0, error)
        return m.Loaded(tuple(notes))

    def answer(self, request: m.ToWorker) -> m.FromWorker:
        """The reply to one request; whatever the student's code raises, SystemExit included, is a reply."""
        if isinstance(request, m.Load):
            raise WireError("a second Load")
        if isinstance(request, m.Run):
            return self._load()
        try:
            reply = self._do(request)
        except ForbiddenName as error:
            reply = m.Forbidden(request.number, error.name, excinfo.place_of(error, self._labels))
        except BaseException as error:
            reply = self._raised(request.number, error)
        return reply

    def _do(self, request: m.Call | m.Attribute | m.Items) -> m.FromWorker:
        if isinstance(request, m.Attribute):
            value = getattr(self._object(request.handle), request.name)
            return self._returned(request.number, value, None)
        if isinstance(request, m.Items):
            items = []
            for item in self._object(request.handle):
                items.append(item)
                if len(items) >= request.limit:
                    break
            return self._returned(request.number, items, None)
        target = self._target(request)
        if not callable(target):
            return m.Missing(request.number, request.name, target is _ABSENT)
        args = self._codec.unpack(*request.args)
        kwargs = dict(zip(request.kwargs, self._codec.unpack(*request.kwargs.values()), strict=True))
        value = target(*args, **kwargs)
        return self._returned(request.number, value, [*args, *kwargs.values()] if request.echo else None)

    def _returned(self, number: int, value: Any, after: list[Any] | None) -> m.FromWorker:
        try:
            # Together, since they share a frame.
            packed, *echoed = self._codec.pack(value, *(after or ()))
            return m.Returned(number, packed, echoed if after is not None else None)
        except WireError as error:
            return m.Unsendable(number, str(error))

    def _raised(self, number: int, error: BaseException) -> m.Raised:
        bases, text, place, trace = excinfo.describe(error, self._labels)
        return m.Raised(number, bases, text, place, trace)

    def _target(self, request: m.Call) -> Any:
        if request.handle is not None:
            return self._object(request.handle)
        if request.probe:
            return getattr(self._probes, request.name)
        return self._module.__dict__.get(request.name, _ABSENT)

    def _object(self, number: int) -> Any:
        return self._objects[number]

    def _keep(self, value: Any) -> HandleRef:
        number = len(self._objects) + 1
        self._objects[number] = value
        return HandleRef(number, type(value).__name__[:80])

    def _fetch(self, ref: HandleRef) -> Any:
        return self._objects[ref.number]


_ABSENT = object()


def _run_probes(text: str | None, submission: types.ModuleType) -> types.ModuleType | None:
    if text is None:
        return None
    module = types.ModuleType("probes")
    # A probe may call the submission's functions with what can't cross, such as an array that is not contiguous.
    module.__dict__["submission"] = submission
    exec(builtins.compile(text, "probes.py", "exec"), module.__dict__)
    return module
