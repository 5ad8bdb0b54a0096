"""Workers without a sandbox, on any operating system: one fresh process a submission.

For a student's own code on the student's own machine, and for ``--sandbox none`` on trusted code.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Final

from grader.core.errors import SandboxError
from grader.core.topic import Runtime
from grader.sandbox.runtime import HASHING, PYTHON_FLAGS, runtime_search
from grader.sandbox.watch import read_usage
from grader.sandbox.zygote import START_SECONDS, Excess
from grader.wire.frames import Channel
from grader.wire.messages import Exited

POLL_SECONDS: Final = 0.2
"""How often it is looked whether a process that is starting has ended."""

_BOOTSTRAP: Final = (
    "import sys; runtime, trains = sys.argv[1:3]; sys.path[:0] = sys.argv[3:]; sys.argv[1:] = []; "
    "from grader.worker.plain import main; main(runtime, trains == 'trains')"
)

_PYTHON: Final = (sys.executable, *PYTHON_FLAGS, "-c", _BOOTSTRAP)


class PlainWorker:
    """One such process."""

    def __init__(self, runtime: Runtime, trains: bool = False) -> None:
        self._folder = tempfile.mkdtemp(prefix="grader-")
        self._output = tempfile.TemporaryFile()  # noqa: SIM115  closed in close()
        token = secrets.token_bytes(16)
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(POLL_SECONDS)
            self.process = subprocess.Popen(
                [*_PYTHON, runtime, "trains" if trains else "", *runtime_search(runtime)],
                stdin=subprocess.DEVNULL,
                stdout=self._output,
                stderr=self._output,
                cwd=self._folder,
                env={
                    **{name: value for name, value in os.environ.items() if not name.startswith("PYTHON")},
                    **HASHING,
                    "GRADER_PORT": str(server.getsockname()[1]),
                    "GRADER_TOKEN": token.hex(),
                },
            )
            try:
                sock = self._accept(server)
                sock.settimeout(START_SECONDS)
                said = b""
                while len(said) < len(token) and (more := sock.recv(len(token) - len(said))):
                    said += more
                if not secrets.compare_digest(said, token):
                    raise SandboxError("another program connected to the worker's port; try again")
                self.channel = Channel(sock)
                self.channel.receive(START_SECONDS)
            except (OSError, SandboxError) as error:
                self.process.kill()
                self.process.wait()
                self._output.close()
                why = str(error) or f"it took more than {START_SECONDS:.0f} s"
                raise SandboxError(f"the worker process did not start: {why}") from None

    def _accept(self, server: socket.socket) -> socket.socket:
        """The connection of the process that was just started; SandboxError if it ends, or takes too long."""
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                return server.accept()[0]
            except TimeoutError:
                if self.process.poll() is not None:
                    raise SandboxError("it ended at once") from None
                if time.monotonic() > end:
                    raise

    def cpu_seconds(self) -> float | None:
        """The processor time used so far; None where the system has no ``/proc``: there the wall clock decides."""
        usage = read_usage(Path(f"/proc/{self.process.pid}"))
        return None if usage is None else usage.cpu_seconds

    def excess(self) -> Excess:
        """Nothing is limited, so nothing is exceeded."""
        return ""

    def kill(self) -> None:
        """End the process."""
        self.process.kill()

    def read_output(self, limit: int) -> str:
        """What it has printed so far, at most ``limit`` bytes."""
        self._output.seek(0)
        return self._output.read(limit).decode("utf-8", "replace")

    def close(self) -> None:
        """End the process and remove its folder."""
        self.channel.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=0.2)
        self.process.kill()
        self.process.wait()
        self._output.close()
        shutil.rmtree(self._folder, ignore_errors=True)


class PlainWorkers:
    """Gives plain workers, as a zygote gives confined ones; one may be started before it is asked for."""

    level = "none"

    def __init__(self, runtime: Runtime, trains: bool = False) -> None:
        self._runtime, self._trains = runtime, trains
        self._starter: ThreadPoolExecutor | None = None
        self._spare: Future[PlainWorker] | None = None

    def start_ahead(self) -> None:
        """Start the next worker now, beside whatever follows: it imports NumPy, or torch, meanwhile."""
        if self._spare is None:
            # The thread stays until close(): on Linux a worker ends with the thread that started it.
            self._starter = self._starter or ThreadPoolExecutor(1)
            self._spare = self._starter.submit(PlainWorker, self._runtime, self._trains)

    def fork(self) -> PlainWorker:
        """A fresh process that has read nothing yet; SandboxError if it does not start."""
        spare, self._spare = self._spare, None
        return spare.result() if spare is not None else PlainWorker(self._runtime, self._trains)

    def exit_of(self, worker: PlainWorker, seconds: float) -> Exited | None:
        """How ``worker`` ended; None if it has not within ``seconds``."""
        try:
            code = worker.process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            return None
        return Exited(0, -code if code < 0 else code << 8, 0.0, 0)

    def close(self) -> None:
        """End the one that was started ahead."""
        spare, self._spare = self._spare, None
        if spare is not None:
            with contextlib.suppress(SandboxError):
                spare.result().close()
        if self._starter is not None:
            self._starter.shutdown()
