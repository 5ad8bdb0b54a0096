"""The ``student`` fixture over a mock transport: no worker, no sandbox, only what a reply leads to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from grader.core.errors import (
    CheckFailure,
    StudentCrashed,
    StudentFault,
    StudentForbidden,
    StudentMissing,
    StudentOutOfMemory,
    StudentRaised,
    StudentTimedOut,
)
from grader.core.topic import Limits
from grader.session.faults import Unparsable
from grader.session.student import Student
from grader.session.transport import Transport
from grader.testing import Handle
from grader.wire import messages as m
from grader.wire.codec import Codec
from grader.wire.values import HandleRef

LOAD = m.Load("toy", (m.Cell("def double(x):\n    return 2 * x\n", "toy.py"),), banned=(m.Ban("os", "nothing"),))

Answer = Callable[[m.ToWorker], m.FromWorker]


class MockTransport:
    """Answers each request as told; remembers what it was asked."""

    def __init__(self, answer: Answer, asked: list[m.ToWorker]) -> None:
        self._answer = answer
        self._asked = asked

    def call(self, request: m.ToWorker, seconds: float, following: Sequence[m.Request] = ()) -> m.FromWorker:
        """See Transport."""
        assert seconds > 0
        self._asked.append(request)
        if isinstance(request, m.Load | m.Run):
            return m.Parsed() if isinstance(request, m.Load) else m.Loaded()
        return self._answer(request)

    def settles(self, accept: Callable[[bytearray], bool]) -> bool:
        """See Transport."""
        return False

    def close(self) -> None:
        """Nothing is held."""


def student(answer: Answer, asked: list[m.ToWorker] | None = None, restarts: int = 1) -> Student:
    """A student whose worker answers by ``answer``."""
    kept: list[m.ToWorker] = [] if asked is None else asked

    def connect() -> Transport:
        return MockTransport(answer, kept)

    fresh = Student(LOAD, connect, Limits(restarts=restarts), {"double": ("x",)}, None)
    fresh.begin_check("double")
    return fresh


def returned(request: m.ToWorker, value: Any, **fields: Any) -> m.Returned:
    """The reply to ``request`` that returns ``value``."""
    assert not isinstance(request, m.Load | m.Run)
    return m.Returned(request.number, Codec().pack(value)[0], **fields)


def test_a_call_crosses_and_its_value_comes_back() -> None:
    """Loaded once, asked by name, answered by value."""
    asked: list[m.ToWorker] = []
    toy = student(lambda request: returned(request, np.arange(3)), asked)
    assert [0, 1, 2] == toy.double(np.ones(3)).tolist()
    assert [0, 1, 2] == toy.double(x=1).tolist()
    load, run, first, second = asked
    assert (LOAD, m.Run()) == (load, run)
    assert isinstance(first, m.Call)
    assert isinstance(second, m.Call)
    assert ("double", 1, 0) == (first.name, len(first.args), len(first.kwargs))
    assert (1, 2) == (first.number, second.number)
    assert "double(x=1)" == toy.last_call


@pytest.mark.parametrize(
    ("reply", "fault"),
    [
        (lambda n: m.Raised(n, ("IndexError", "LookupError"), "secret", m.Place(0, 2), ""), StudentRaised),
        (lambda n: m.Raised(n, ("MemoryError",), "", None, ""), StudentOutOfMemory),
        (lambda n: m.Raised(n, ("RuntimeError",), "can't allocate memory: 4 bytes", None, ""), StudentOutOfMemory),
        (lambda n: m.Missing(n, "double", True), StudentMissing),
        (lambda n: m.Forbidden(n, "os", m.Place(0, 1)), StudentForbidden),
        (lambda n: m.Forbidden(n, "never banned", None), StudentCrashed),
        (lambda n: m.Unsendable(n, "too deep"), CheckFailure),
        (lambda n: m.Returned(n + 1, 1), StudentCrashed),
        (lambda n: m.Returned(n, HandleRef(2**40)), None),
        (lambda n: m.Loaded(), StudentCrashed),
        (lambda n: m.Unparsable("no", None), StudentCrashed),
    ],
)
def test_what_each_reply_leads_to(reply: Callable[[int], m.FromWorker], fault: type[Exception] | None) -> None:
    """A value, or the one exception whose verdict the check earns."""

    def answer(request: m.ToWorker) -> m.FromWorker:
        assert isinstance(request, m.Call)
        return reply(request.number)

    toy = student(answer)
    if fault is None:
        assert isinstance(toy.double(1), Handle)
        return
    with pytest.raises(fault) as caught:
        toy.double(1)
    assert "secret" not in str(caught.value)


def test_a_made_up_exception_has_no_name() -> None:
    """Only built-in classes are repeated."""
    toy = student(lambda request: m.Raised(getattr(request, "number", 0), ("Marker", "KeyError"), "", None, ""))
    with pytest.raises(StudentRaised) as caught:
        toy.double(1)
    assert ("KeyError",) == caught.value.bases


def test_an_echo_needs_its_arguments_back() -> None:
    """As many as were sent."""
    sent = [np.zeros(2)]
    toy = student(lambda request: returned(request, 1, after=Codec().pack(*sent)))
    assert [0, 0] == toy.echo.double(np.zeros(2)).after[0].tolist()
    sent.clear()
    with pytest.raises(StudentCrashed):
        toy.echo.double(np.zeros(2))


def test_a_task_that_keeps_dying_is_not_asked_again() -> None:
    """Another task is."""
    asked: list[m.ToWorker] = []

    def answer(request: m.ToWorker) -> m.FromWorker:
        raise StudentTimedOut("no answer")

    toy = student(answer, asked, restarts=1)
    for _ in range(5):
        with pytest.raises(StudentTimedOut):
            toy.double(1)
    assert 2 == sum(isinstance(request, m.Call) for request in asked)
    toy.begin_check("total")
    with pytest.raises(StudentTimedOut):
        toy.total([1])
    assert 3 == sum(isinstance(request, m.Call) for request in asked)


def test_a_module_that_can_t_be_loaded_is_tried_once() -> None:
    """What it does when loaded it would do again."""

    class Broken(MockTransport):
        def call(self, request: m.ToWorker, seconds: float, following: Sequence[m.Request] = ()) -> m.FromWorker:
            self._asked.append(request)
            return m.Unparsable("invalid syntax", m.Place(0, 2))

    asked: list[m.ToWorker] = []
    toy = Student(LOAD, lambda: Broken(lambda _: m.Loaded(), asked), Limits(), {}, None)
    for _ in range(3):
        with pytest.raises(Unparsable, match=r"toy\.py, line 2: invalid syntax"):
            toy.double(1)
    assert 1 == len(asked)
    assert isinstance(Unparsable(""), StudentFault)


def test_a_handle_of_a_dead_worker_reaches_nothing() -> None:
    """Its object went with its process."""
    replies = iter([HandleRef(1, "Toy")])

    def answer(request: m.ToWorker) -> m.FromWorker:
        if isinstance(request, m.Call) and request.handle is None:
            return m.Returned(request.number, next(replies))
        raise StudentCrashed("gone")

    toy = student(answer)
    handle = toy.Counter()
    with pytest.raises(StudentCrashed):
        handle(1)
    with pytest.raises(StudentCrashed, match="went with its process"):
        handle.steps()
