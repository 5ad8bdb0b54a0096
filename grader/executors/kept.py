"""Children that outlive a batch: whoever has jobs borrows one, and gives it back for the next.

As many as there are threads that ask at the same time. A child that dies is replaced; the job it was on is tried once
more, and then given up as lost.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress

from grader.core.errors import GraderError, SandboxError, WireError
from grader.executors.local import ATTEMPTS, Child, Command
from grader.wire.frames import Closed


class Ended(Exception):
    """There are no children to do this any more, for no fault of the jobs'."""


class KeptChildren:
    """Children started by what ``command`` gives; ``greet`` is given each one's first message, and may refuse it."""

    def __init__(self, command: Command, greet: Callable[[bytes], None]) -> None:
        self._command = command
        self._greet = greet
        self._lock = threading.Lock()
        self._idle: list[Child] = []
        self._closed = False
        self.greeting = b""

    def open(self) -> bytes:
        """Have one child ready; its first message. GraderError if it does not start."""
        self._give_back(self._borrow())
        return self.greeting

    def run(self, jobs: Sequence[bytes]) -> list[bytes | None]:
        """Each job's result; None for a job that killed its child twice.

        Ended after :meth:`close`; GraderError if a child does not start.
        """
        child: Child | None = None
        results: list[bytes | None] = []
        try:
            for job in jobs:
                if self._closed:
                    raise Ended
                result = None
                for _ in range(ATTEMPTS):
                    child = child or self._borrow()
                    try:
                        child.jobs.append(len(results))
                        child.channel.send(job)
                        result = bytes(child.channel.receive())
                        child.jobs.clear()
                        break
                    except (Closed, WireError):
                        child.close()
                        child = None
                results.append(result)
        finally:
            if child is not None:
                self._give_back(child)
        return results

    def close(self) -> None:
        """End the children that are idle now, and the others after the job they are on."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for child in idle:
            child.close()

    def _borrow(self) -> Child:
        with self._lock:
            if self._closed:
                raise Ended
            while self._idle:
                child = self._idle.pop()
                if child.process.poll() is None:
                    return child
                child.close()
        return self._start()

    def _give_back(self, child: Child) -> None:
        with self._lock:
            if not self._closed and not child.jobs:
                self._idle.append(child)
                return
        child.close()

    def _start(self) -> Child:
        """A new child that has greeted; one that was killed from outside while it started is no reason to give up."""
        words = ""
        for _ in range(ATTEMPTS):
            try:
                child = Child(self._command)
            except OSError as error:
                raise GraderError(f"a session could not be started: {error}") from None
            try:
                self.greeting = bytes(child.channel.receive())
                child.greeted = True
                self._greet(self.greeting)
                return child
            except (Closed, WireError):
                words = child.last_words()
                child.close()
            except BaseException:
                with suppress(OSError):
                    child.close()
                raise
        raise SandboxError(f"a session did not start: {words}")
