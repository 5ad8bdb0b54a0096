"""One child process a core, each fed one job at a time, results as they come.

Jobs, results and the greeting are opaque bytes: what a child does is its command's business. A child that dies is
replaced; the job it was on is tried once more, and then given up as lost.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
import subprocess
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from grader.core.errors import GraderError, SandboxError, WireError
from grader.core.scratch import make_scratch, remove_abandoned, remove_scratch
from grader.sandbox.cgroups import clear_abandoned
from grader.wire.frames import Channel, Closed

AHEAD: Final = 2
"""Jobs a child holds: the one it works on and the next, so that it never waits for us."""

ATTEMPTS: Final = 2

SMALL: Final = 2**15
"""A job of at most so many bytes fits into a socket's buffer: sending it to a busy child takes no time."""

SETTLE_SECONDS: Final = 5.0
"""How long an idle child may take to end when its channel closes."""

FRAME_SECONDS: Final = 60.0
"""How long a frame that has begun may take, between processes that trust each other."""


_ONE_THREAD: Final = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""A child is one core's: threads of its libraries would only be in the way of the other children."""

Command = Callable[[int, int, str], Sequence[str]]
"""Makes a child's argument list from its descriptors, channel and lifeline, and its temporary folder."""


class Child:
    """One child process, its channel, and the temporary folder that goes with it. OSError if it can't be started.

    With a ``core``, it and all that it starts run on that one.
    """

    def __init__(self, command: Command, core: int | None = None) -> None:
        ours, theirs = socket.socketpair()
        # The child reads the lifeline's other end: nothing ever comes, and its end says that we are gone.
        end, self._lifeline = os.pipe()
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  closed in close()
        # A child that is killed leaves its files behind: here they are found.
        self._folder, self._held = make_scratch()
        try:
            self.process = subprocess.Popen(
                command(theirs.fileno(), end, self._folder),
                stdin=subprocess.DEVNULL,
                stdout=self._log,
                stderr=self._log,
                pass_fds=[theirs.fileno(), end],
                env={**os.environ, **_ONE_THREAD},
            )
        except BaseException:
            # What makes its arguments may refuse to.
            ours.close()
            os.close(self._lifeline)
            self._log.close()
            self._remove_folder()
            raise
        finally:
            theirs.close()
            os.close(end)
        self.core = core
        if core is not None:
            # A core that has been taken away meanwhile is no reason to fail.
            with contextlib.suppress(OSError):
                os.sched_setaffinity(self.process.pid, {core})
                # Whoever wakes there waits until the other has nothing more to do, instead of taking its place.
                os.sched_setscheduler(self.process.pid, os.SCHED_BATCH, os.sched_param(0))
        self.channel = Channel(ours)
        self.jobs: deque[int] = deque()
        self.greeted = False

    def last_words(self) -> str:
        """The last line it wrote, or how it ended."""
        self._log.seek(max(self._log.seek(0, 2) - 4000, 0))
        lines = self._log.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else f"exit status {self.process.poll()}"

    def close(self) -> None:
        """End it, at once where it is busy, and remove its folder."""
        self.channel.close()
        if self.greeted and not self.jobs:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(SETTLE_SECONDS)
        os.close(self._lifeline)
        try:
            self.process.wait(SETTLE_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._log.close()
        if self.process.returncode:
            # It may have come to remove its workers' groups no more.
            clear_abandoned()
        # What the child started may take a moment longer to end than the child.
        deadline = time.monotonic() + SETTLE_SECONDS
        self._remove_folder()
        while os.path.lexists(self._folder) and time.monotonic() < deadline:
            time.sleep(0.01)
            remove_scratch(self._folder)

    def _remove_folder(self) -> None:
        remove_scratch(self._folder)
        os.close(self._held)


class LocalProcesses:
    """Runs jobs in ``jobs`` children, each started by what ``command`` gives.

    ``greet`` is given each child's first message, and raises what should end the whole run. Where there is a child for
    each core that this process may use, each has one to itself: a child and its worker take turns, and to wake each
    other is cheapest on the same core. With fewer the system decides, since others may want the same core.
    """

    def __init__(self, command: Command, jobs: int, greet: Callable[[bytes], None]) -> None:
        self._command = command
        self._count = jobs
        self._greet = greet
        self._children: list[Child] = []
        self._bound = False

    def start(self, most: int) -> None:
        """Have children start now, no more than ``most``, whose jobs come later. GraderError if one can't be."""
        remove_abandoned()
        count = min(self._count, most)
        cores = _cores()
        # A replacement is started by itself, and is bound as those were with which it all began.
        self._bound = self._bound or count == len(cores)
        while len(self._children) < count:
            taken = [child.core for child in self._children]
            core = next((core for core in cores if core not in taken), None) if self._bound else None
            try:
                self._children.append(Child(self._command, core))
            except OSError as error:
                raise GraderError(f"a session could not be started: {error}") from None

    def close(self) -> None:
        """End the children that there are."""
        while self._children:
            self._children.pop().close()
        self._bound = False

    def map(self, batches: Sequence[bytes]) -> Iterator[tuple[int, bytes | None]]:
        """Each job's number and result, in the order they finish; None for a job that killed its child twice.

        GraderError if a child can't be started at all.
        """
        waiting = deque(range(len(batches)))
        attempts = [0] * len(batches)
        open_jobs = len(batches)
        unborn = 0
        with selectors.DefaultSelector() as selector:
            try:
                self.start(len(batches))
                for child in self._children:
                    selector.register(child.channel.sock, selectors.EVENT_READ, child)
                while open_jobs:
                    for key, _ in selector.select():
                        child = key.data
                        try:
                            for number, payload in self._received(child, batches, waiting):
                                yield number, payload
                                open_jobs -= 1
                        except (Closed, TimeoutError, WireError):
                            unborn += not child.greeted
                            if unborn >= ATTEMPTS:
                                raise SandboxError(f"a session did not start: {child.last_words()}") from None
                            for number in self._bury(child, selector, waiting, attempts):
                                yield number, None
                                open_jobs -= 1
                            if waiting:
                                self.start(len(self._children) + 1)
                                child = self._children[-1]
                                selector.register(child.channel.sock, selectors.EVENT_READ, child)
            finally:
                self.close()

    def _received(self, child: Child, batches: Sequence[bytes], waiting: deque[int]) -> Iterator[tuple[int, bytes]]:
        """What a readable child has sent: results, each answered with the next job; its greeting is kept."""
        more = True
        while more:
            payload = bytes(child.channel.receive(FRAME_SECONDS))
            number = child.jobs.popleft() if child.greeted else None
            if number is None:
                self._greet(payload)
                child.greeted = True
            self._feed(child, batches, waiting)
            if number is not None:
                yield number, payload
            # The selector sees the socket only, not what has been read from it beyond this frame: even rubbish counts.
            more = child.channel.has_begun

    def _feed(self, child: Child, batches: Sequence[bytes], waiting: deque[int]) -> None:
        while waiting and len(child.jobs) < AHEAD:
            number = waiting[0]
            if child.jobs and len(batches[number]) > SMALL:
                # A busy child would not read it, and we would not read the others' results.
                return
            child.jobs.append(waiting.popleft())
            try:
                child.channel.send(batches[number], FRAME_SECONDS)
            except Closed:
                # It will be noticed by whoever reads the channel, after the results that are in it.
                return

    def _bury(
        self,
        child: Child,
        selector: selectors.BaseSelector,
        waiting: deque[int],
        attempts: list[int],
    ) -> list[int]:
        """Take a dead child's jobs back; returns the ones given up. Only the job it was on is to blame."""
        selector.unregister(child.channel.sock)
        self._children.remove(child)
        child.close()
        if child.jobs:
            attempts[child.jobs[0]] += 1
        lost = [number for number in child.jobs if attempts[number] >= ATTEMPTS]
        waiting.extendleft(reversed([number for number in child.jobs if number not in lost]))
        return lost


def _cores() -> list[int]:
    """The cores that this process may use; none where the system can't say, or bind to one."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_setaffinity") else []
