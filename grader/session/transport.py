"""How a call reaches the submission and a reply comes back: one method, whatever is at the other end."""

from __future__ import annotations

import signal
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from grader.core.errors import (
    StudentCrashed,
    StudentFault,
    StudentKilled,
    StudentOutOfMemory,
    StudentTimedOut,
    WireError,
)
from grader.wire import messages as m
from grader.wire.frames import Channel, Closed
from grader.wire.messages import Exited

WALL_FACTOR = 3.0
"""How many wall-clock seconds a second of CPU may take: a busy host must not cost points, a sleeper must end."""

WATCH_SECONDS = 0.1
"""How often a worker that has not answered yet is looked at."""

SETTLE_SECONDS = 1.0

_EXCESSES: dict[str, tuple[type[StudentFault], str]] = {
    "memory": (StudentOutOfMemory, "it used more memory than allowed"),
    "threads": (StudentCrashed, "it started more threads than allowed"),
    "disk": (StudentCrashed, "it wrote more, or more files, than its folder may hold"),
}


class Transport(Protocol):
    """The other end of a submission's calls."""

    def call(self, request: m.ToWorker, seconds: float, following: Sequence[m.Request] = ()) -> m.FromWorker:
        """Send ``request`` and return the reply; ``seconds`` of CPU may pass. Raises StudentFault when none comes.

        ``following`` is what will certainly be called next, in this order, and may be sent along.
        """
        ...

    def settles(self, accept: Callable[[bytearray], bool]) -> bool:
        """Whether the reply to what was sent along next has come, and ``accept`` takes its bytes: then that is over.

        If not, it will be called for.
        """
        ...

    def close(self) -> None:
        """Give back what the transport holds."""
        ...


class WorkerProcess(Protocol):
    """A worker as the sandbox gives it."""

    channel: Channel

    def cpu_seconds(self) -> float | None:
        """The processor time used so far, if it is known."""
        ...

    def excess(self) -> str:
        """The limit that it is beyond: memory, threads or disk; empty if none."""
        ...

    def kill(self) -> None:
        """End it."""
        ...

    def read_output(self, limit: int) -> str:
        """What it has printed so far, at most ``limit`` bytes."""
        ...

    def close(self) -> None:
        """End it, and give back what it holds."""
        ...


class WorkerSource(Protocol):
    """Where workers come from: a zygote, or plain processes."""

    level: str

    def fork(self) -> WorkerProcess:
        """A worker that has read nothing yet; SandboxError if there is none to be had."""
        ...

    # Any: of its own kind of worker, which no other kind can stand for.
    def exit_of(self, worker: Any, seconds: float) -> Exited | None:
        """How ``worker`` ended; None if it has not within ``seconds``. SandboxError if the source itself is gone."""
        ...

    def close(self) -> None:
        """End it, and give back what it holds."""
        ...


class WorkerTransport:
    """Calls over a worker's socket. After the first StudentFault for which the worker is to blame it is dead."""

    def __init__(self, source: WorkerSource, cpu_limit: float) -> None:
        self._source = source
        self._cpu_limit = cpu_limit
        self._sent: deque[int] = deque()
        self._refused: bytearray | None = None
        self.worker = source.fork()

    def call(self, request: m.ToWorker, seconds: float, following: Sequence[m.Request] = ()) -> m.FromWorker:
        """See :class:`Transport`. A worker answers in turn, and begins with a call when it has answered the last."""
        try:
            if self._sent and isinstance(request, m.Call) and request.number == self._sent[0]:
                self._sent.popleft()
            else:
                self.worker.channel.send_together(
                    [m.encode(each) for each in (request, *following)], seconds * WALL_FACTOR
                )
                self._sent.extend(each.number for each in following)
            return m.decode_from_worker(self._wait(seconds))
        except TimeoutError:
            self.worker.kill()
            raise StudentTimedOut(f"no answer within {seconds:g} s") from None
        except WireError as error:
            self.worker.kill()
            raise StudentCrashed(f"its process answered with something that is {error}") from None
        except Closed:
            raise self._post_mortem() from None

    def settles(self, accept: Callable[[bytearray], bool]) -> bool:
        """See :class:`Transport`. It neither waits nor fails: whatever is wrong, who calls is told."""
        if not self._sent or self._refused is not None:
            return False
        try:
            frame = self.worker.channel.arrived()
        except WireError:
            return False
        if frame is not None and accept(frame):
            self._sent.popleft()
            return True
        self._refused = frame
        return False

    def close(self) -> None:
        """End the worker."""
        self.worker.close()

    def _wait(self, seconds: float) -> bytearray:
        """The next frame. When the wall clock says ``seconds`` the processor time decides whether to go on waiting."""
        arrived, self._refused = self._refused, None
        if arrived is None:
            arrived = self.worker.channel.arrived()
        if arrived is not None:
            return arrived
        start = time.monotonic()
        before: float | None = None
        while (passed := time.monotonic() - start) < seconds * WALL_FACTOR:
            try:
                return self.worker.channel.receive(min(WATCH_SECONDS, seconds * WALL_FACTOR - passed))
            except TimeoutError:
                excess = self.worker.excess()
            if excess:
                self.worker.kill()
                kind, reason = _EXCESSES[excess]
                raise kind(reason)
            used = self.worker.cpu_seconds()
            # Calls before this one have used some, too; what it used itself before the first look is not worth one.
            before = used if before is None else before
            if time.monotonic() - start >= seconds and (used is None or before is None or used - before >= seconds):
                break
        raise TimeoutError

    def _post_mortem(self) -> StudentFault:
        """The worker hung up: why."""
        exited = self._source.exit_of(self.worker, SETTLE_SECONDS)
        if exited is None:
            self.worker.kill()
            return StudentCrashed("its process closed the connection")
        # Not os.WIFSIGNALED and its like: a student's own machine may run Windows, which lacks them and signals.
        number = exited.status & 0x7F
        if number:
            if number in (signal.SIGXCPU, signal.SIGKILL) and exited.cpu_seconds >= self._cpu_limit:
                return StudentTimedOut(f"more than {self._cpu_limit:g} s of processor time")
            if number == signal.SIGKILL and self.worker.excess() == "memory":
                return StudentOutOfMemory("it used more memory than allowed")
            if number == signal.SIGKILL:
                # Its own limits end it in other ways, and it can't send a signal to itself.
                return StudentKilled("the system ended its process for want of memory")
            return StudentCrashed(f"its process was ended by {signal.Signals(number).name}")
        status = exited.status >> 8
        if status == m.NO_MEMORY:
            return StudentOutOfMemory("it asked for more memory than allowed")
        return StudentCrashed(f"its process exited with status {status}")
