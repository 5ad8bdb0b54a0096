"""Whether the groups that this host delegates limit anything: two workers that take more than their groups allow."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from typing import Final

import msgspec

from grader.core.errors import GraderError
from grader.core.topic import Limits
from grader.sandbox.delegation import delegated_group
from grader.sandbox.zygote import Worker, Zygote
from grader.wire import messages as m

MEMORY: Final = 64 * 2**20
THREADS: Final = 4
SECONDS: Final = 20.0

_TAKE_MEMORY: Final = "kept = [b'x' * 2**20 for _ in range(200)]"
_TAKE_THREADS: Final = """
import threading

# A few large ones would meet the limit on address space first.
threading.stack_size(2**16)
gate = threading.Event()
try:
    for _ in range(20):
        threading.Thread(target=gate.wait, daemon=True).start()
finally:
    gate.wait()
"""


class GroupProof(msgspec.Struct, frozen=True):
    """The group in which workers' groups are made, or why there are none."""

    group: str = ""
    problem: str = ""


def prove_groups(level: str) -> GroupProof:
    """Put workers at ``level`` into groups, of which one takes too much memory and one starts too many threads."""
    top = delegated_group()
    if not isinstance(top, Path):
        return GroupProof(problem=str(top))
    try:
        with Zygote("numpy", level, Limits()) as zygote:
            ended = _limited(zygote, _TAKE_MEMORY)
            refused = _limited(zygote, _TAKE_THREADS)
    except (OSError, GraderError) as error:
        return GroupProof(problem=str(error) or type(error).__name__)
    if not (ended and refused):
        return GroupProof(problem=f"{top} is delegated, but {'threads' if ended else 'memory'} could not be limited")
    return GroupProof(str(top))


def _limited(zygote: Zygote, text: str) -> bool:
    """Whether a worker that runs ``text`` is held by its group, which allows far less than its own limits do."""
    worker = zygote.fork()
    try:
        if worker.group is None:
            return False
        worker.group.limit(MEMORY, THREADS)
        with contextlib.suppress(OSError, GraderError, TimeoutError):
            worker.channel.send(m.encode(m.Load("taker", (m.Cell(text, "taker.py"),))), SECONDS)
            worker.channel.receive(SECONDS)
            worker.channel.send(m.encode(m.Run()), SECONDS)
        return _comes_true(worker)
    finally:
        worker.close()


def _comes_true(worker: Worker) -> bool:
    assert worker.group is not None
    deadline = time.monotonic() + SECONDS
    while not (worker.group.ran_out() or worker.group.refused_threads()):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True
