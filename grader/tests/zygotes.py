"""Zygotes at each level, what their workers answer, and the processes that they leave."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.core.errors import SandboxError
from grader.core.topic import Limits
from grader.sandbox.plain import PlainWorker
from grader.sandbox.zygote import Worker, Zygote
from grader.wire import messages as m
from grader.wire.codec import Codec

LIMITS = Limits(memory_mb=128, submission_seconds=7)


@contextlib.contextmanager
def started(level: str, limits: Limits = LIMITS) -> Iterator[Zygote]:
    """A zygote at ``level``, or a skip that says what this host lacks for it."""
    with contextlib.ExitStack() as stack:
        try:
            zygote = stack.enter_context(Zygote("numpy", level, limits))
        except SandboxError as reason:
            pytest.skip(f"level {level!r}: {reason}")
        yield zygote


def ask(worker: Worker | PlainWorker, message: m.ToWorker) -> m.FromWorker:
    """The reply to ``message``."""
    worker.channel.send(m.encode(message), 10)
    return m.decode_from_worker(worker.channel.receive(10))


def start(worker: Worker | PlainWorker, text: str, seed: int = m.SEED) -> None:
    """Have ``worker`` run ``text``; its reply is still to come."""
    assert m.Parsed() == ask(worker, m.Load("toy", (m.Cell(text, "toy.py"),), seed=seed))
    worker.channel.send(m.encode(m.Run()), 10)


def result(worker: Worker | PlainWorker, expression: str, seed: int = m.SEED) -> object:
    """The value of ``expression`` in a worker that has loaded nothing yet."""
    text = f"import os, resource, threading, time\nimport numpy as np\n\ndef f():\n    return {expression}"
    start(worker, text, seed)
    assert m.Loaded() == m.decode_from_worker(worker.channel.receive(10))
    reply = ask(worker, m.Call(1, [], {}, name="f"))
    if isinstance(reply, m.Raised):
        return reply.bases[0]
    assert isinstance(reply, m.Returned)
    return Codec().unpack(reply.value)[0]


def evaluate(zygote: Zygote, expression: str) -> object:
    """The value of ``expression`` in a fresh worker."""
    worker = zygote.fork()
    try:
        return result(worker, expression)
    finally:
        worker.close()


def processes(ancestor: int) -> dict[int, str]:
    """The descendants of a process, as pid and start time, which together never come back."""
    parents, times = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            parents[int(path.parent.name)] = int(fields[1])
            times[int(path.parent.name)] = fields[19]
    found: dict[int, str] = {}
    todo = [ancestor]
    while todo:
        children = [pid for pid, parent in parents.items() if parent == todo[0]]
        found |= {pid: times[pid] for pid in children}
        todo = todo[1:] + children
    return found


def living(started: dict[int, str]) -> list[int]:
    """Those of ``started`` that still run; zombies, which their parent has yet to ask about, do not."""
    alive = []
    for pid, begun in started.items():
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            if fields[19] == begun and fields[0] not in "ZX":
                alive.append(pid)
    return alive


def wait_for_death(started: dict[int, str]) -> list[int]:
    """Those of ``started`` that have not ended after a generous while."""
    deadline = time.monotonic() + 20
    while (left := living(started)) and time.monotonic() < deadline:
        time.sleep(0.02)
    return left
