"""Starting a zygote behind the wall, and asking it for workers."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import subprocess
import tempfile
import time
from functools import cached_property
from pathlib import Path
from typing import Final, Literal

from grader.core.errors import SandboxError, WireError
from grader.core.scratch import remove_scratch, worker_folder
from grader.core.topic import Limits, Runtime
from grader.sandbox.bubblewrap import SCRATCH, bubblewrap
from grader.sandbox.cgroups import WorkerGroup, WorkerGroups
from grader.sandbox.delegation import delegated_group
from grader.sandbox.runtime import HASHING, PYTHON_FLAGS, runtime_files
from grader.sandbox.watch import MAX_THREADS, Usage, is_overfull, read_mechanisms, read_usage
from grader.wire.frames import Channel, Closed
from grader.wire.messages import (
    Broken,
    Exited,
    Fork,
    Forked,
    FromZygote,
    Policy,
    Ready,
    Start,
    decode_from_zygote,
    encode,
)

START_SECONDS: Final = 60.0
"""How long a zygote may take to import its runtime, cold, on a busy host."""

REPLY_SECONDS: Final = 20.0

CLOSE_SECONDS: Final = 60.0
"""How long a zygote may take to end its workers and to clear up after them."""

SCRATCH_BYTES: Final = 64 * 2**20
Excess = Literal["", "memory", "threads", "disk"]
"""A limit that a worker is beyond."""

_BOOTSTRAP: Final = (
    "import sys; n = int(sys.argv[1]); sys.path[:0] = sys.argv[2:]; sys.argv[1:] = []; "
    "from grader.worker.hooks import refuse_hooks; refuse_hooks(); "
    "from grader.worker.zygote import main; main(n)"
)

_ENVIRONMENT: Final = {
    "HOME": SCRATCH,
    "LANG": "C.UTF-8",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    # An arena of its own, which malloc else gives a thread when it likes, takes 64 MiB of what a worker may have.
    "MALLOC_ARENA_MAX": "1",
    **HASHING,
}


class Worker:
    """A forked worker, seen from the session: its channel, its process, its output."""

    def __init__(
        self,
        number: int,
        channel: Channel,
        pidfd: int,
        output: int,
        memory: int,
        folder: str,
        group: WorkerGroup | None = None,
    ) -> None:
        """``memory`` is the most bytes it may have resident; ``folder`` its private one, where disk is not limited."""
        self.number = number
        self.channel = channel
        self.group = group
        self._pidfd = pidfd
        self._output = output
        self._memory = memory
        self._folder = folder

    @cached_property
    def _process(self) -> Path:
        """Its folder below /proc, looked for when it is asked something: most workers never are."""
        return _process_folder(self._pidfd)

    def usage(self) -> Usage | None:
        """What it uses, or None where the kernel does not say."""
        return read_usage(self._process)

    def cpu_seconds(self) -> float | None:
        """The processor time used so far, or None where the kernel does not say."""
        usage = self.usage()
        return None if usage is None else usage.cpu_seconds

    def mechanisms(self) -> dict[str, bool]:
        """What the kernel says confines it."""
        return read_mechanisms(self._process)

    def excess(self) -> Excess:
        """Which limit it is beyond, although its own limits should have stopped it before; of a dead one, was."""
        usage = self.usage()
        if usage is not None and usage.resident > self._memory:
            return "memory"
        if usage is not None and usage.threads > MAX_THREADS:
            return "threads"
        if self.group is not None and self.group.ran_out():
            return "memory"
        if self.group is not None and self.group.refused_threads():
            return "threads"
        return "disk" if self._folder and is_overfull(self._folder, SCRATCH_BYTES) else ""

    def kill(self) -> None:
        """End the worker and, with it, everything in its process namespace."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)

    def read_output(self, limit: int) -> str:
        """What it has printed so far, at most ``limit`` bytes."""
        return os.pread(self._output, limit, 0).decode("utf-8", "replace")

    def close(self) -> None:
        """Kill it and give its descriptors back."""
        self.kill()
        self.channel.close()
        os.close(self._pidfd)
        os.close(self._output)
        if self.group is not None:
            self.group.release()


class Zygote:
    """A zygote: started when made, while whoever made it goes on, and asked for workers once it is ready.

    Use it as a context manager, or wait for it and close it; nothing of it is left afterwards.
    """

    def __init__(self, runtime: Runtime, level: str, limits: Limits, *, trains: bool = False) -> None:
        """With ``trains`` optimizers are imported as well, which takes as long as the rest of torch."""
        self.level = level
        self._number = 0
        self._exits: dict[int, Exited] = {}
        self._memory = limits.memory_mb * 2**20
        self._resident: int | None = None
        top = delegated_group()
        self._top = top if isinstance(top, Path) else None
        self._groups: WorkerGroups | None = None
        self._base = tempfile.mkdtemp(prefix="grader-") if level != "full" else ""
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  closed in close()
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        files = runtime_files(runtime)
        scratch = self._base or SCRATCH
        policy = Policy(
            level=level,
            readable=tuple(path for path in files.readable(covers=level == "full")),
            scratch=scratch,
            scratch_bytes=SCRATCH_BYTES,
            memory_bytes=self._memory,
            # The session's own limits come first; this one stops what the session no longer watches.
            cpu_seconds=int(limits.submission_seconds) + 5,
        )
        python = [files.executable, *PYTHON_FLAGS, "-c", _BOOTSTRAP, str(theirs.fileno()), *files.search]
        command = [*bubblewrap(files, grouped=self._top is not None), *python] if level == "full" else python
        with theirs:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=self._log,
                stderr=self._log,
                pass_fds=[theirs.fileno()],
                env={**_ENVIRONMENT, "HOME": scratch},
                cwd="/" if level == "full" else self._base,
                start_new_session=True,
            )
        # One that has ended already is asked for its last words when it is waited for.
        with contextlib.suppress(BrokenPipeError):
            self._control.send(encode(Start(runtime, trains, policy)))

    def wait(self) -> None:
        """Until its runtime is imported; SandboxError, and nothing of it is left, if that fails."""
        try:
            self._expect(Ready, START_SECONDS)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Zygote:
        self.wait()
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def fork(self) -> Worker:
        """A fresh, confined worker that has read nothing yet; SandboxError if it can't be had."""
        self._number += 1
        group = self._empty_group()
        ours, theirs = socket.socketpair()
        output = _output_file()
        try:
            with theirs:
                fds = [theirs.fileno(), output, *([] if group is None else [group.descriptor])]
                socket.send_fds(self._control, [encode(Fork(self._number))], fds)
            pidfd = self._expect(Forked, REPLY_SECONDS)
        except (OSError, SandboxError) as error:
            ours.close()
            os.close(output)
            if isinstance(error, SandboxError):
                raise
            raise SandboxError(f"the zygote is gone: {self._last_words()}") from None
        most = self._most_resident(pidfd)
        if group is not None:
            group = self._limited(group, most)
        folder = worker_folder(self._base, self._number) if self._base else ""
        worker = Worker(self._number, Channel(ours), pidfd, output, most, folder, group)
        try:
            greeting = decode_from_zygote(worker.channel.receive(REPLY_SECONDS))
        except (Closed, TimeoutError, WireError):
            worker.close()
            raise SandboxError(f"a worker ended before it was confined: {self._last_words()}") from None
        if not isinstance(greeting, Ready):
            worker.close()
            raise SandboxError(greeting.reason if isinstance(greeting, Broken) else "a worker greeted wrongly")
        return worker

    def exit_of(self, worker: Worker, seconds: float) -> Exited | None:
        """How ``worker`` ended; None if it has not within ``seconds``. SandboxError if the zygote has ended, too."""
        deadline = time.monotonic() + seconds
        while worker.number not in self._exits:
            try:
                self._receive(max(deadline - time.monotonic(), 0.0))
            except TimeoutError:
                return None
        return self._exits.pop(worker.number)

    def close(self) -> None:
        """End the zygote and every worker it has; remove its scratch folder."""
        self._control.close()
        try:
            self._process.wait(timeout=CLOSE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()
        self._give_up_groups()
        if self._base:
            remove_scratch(self._base)

    def _empty_group(self) -> WorkerGroup | None:
        """A group for the next worker; None where the host delegates none, or refuses what it delegated."""
        if self._top is None:
            return None
        try:
            if self._groups is None:
                self._groups = WorkerGroups(self._top)
            return self._groups.take()
        except OSError:
            self._give_up_groups()
            return None

    def _limited(self, group: WorkerGroup, most: int) -> WorkerGroup | None:
        """Set the limits of a worker that has read nothing yet; None where it could not be started in its group."""
        try:
            if group.is_populated():
                # Beneath its own limits: what was the zygote's it may copy, and its folder counts here, too.
                group.limit(most + 2 * SCRATCH_BYTES, MAX_THREADS)
                return group
        except OSError:
            pass
        self._give_up_groups()
        return None

    def _give_up_groups(self) -> None:
        self._top = None
        groups, self._groups = self._groups, None
        if groups is not None:
            groups.close()

    def _most_resident(self, pidfd: int) -> int:
        """What a worker may have resident: the zygote's own, which it shares, and its allowance."""
        if self._resident is None:
            usage = read_usage(_process_folder(pidfd))
            self._resident = usage.resident if usage is not None else 2**40
        return self._resident + self._memory

    def _expect(self, kind: type[Ready] | type[Forked], seconds: float) -> int:
        """Wait for a message of ``kind``; returns the descriptor that came with it, or -1."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                message, fds = self._receive(max(deadline - time.monotonic(), 0.0))
            except TimeoutError:
                raise SandboxError(f"the zygote did not answer in {seconds:.0f} s: {self._last_words()}") from None
            if isinstance(message, kind):
                return fds[0] if fds else -1
            if isinstance(message, Broken):
                raise SandboxError(message.reason)

    def _receive(self, seconds: float) -> tuple[FromZygote, list[int]]:
        if not _readable(self._control, seconds):
            raise TimeoutError
        try:
            data, fds, _, _ = socket.recv_fds(self._control, 2**16, 4)
        except OSError:
            data, fds = b"", []
        if not data:
            raise SandboxError(f"the zygote ended: {self._last_words()}")
        message = decode_from_zygote(data)
        if isinstance(message, Exited):
            # One that nobody will ask about must not stay for ever.
            self._exits = {n: e for n, e in self._exits.items() if n >= self._number - 8}
            self._exits[message.number] = message
        return message, fds

    def _last_words(self) -> str:
        self._log.seek(0)
        lines = self._log.read(8000).decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else f"exit status {self._process.poll()}"


def _readable(sock: socket.socket, seconds: float) -> bool:
    poller = select.poll()
    poller.register(sock, select.POLLIN)
    return bool(poller.poll(seconds * 1000))


def _output_file() -> int:
    if hasattr(os, "memfd_create"):
        return os.memfd_create("output", os.MFD_CLOEXEC)
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


def _process_folder(pidfd: int) -> Path:
    """``/proc/PID`` of a worker, whose pid on this side of the wall only its pidfd knows."""
    try:
        text = Path(f"/proc/self/fdinfo/{pidfd}").read_text(encoding="ascii")
        pid = next(line.split()[1] for line in text.splitlines() if line.startswith("Pid:"))
    except (OSError, StopIteration, IndexError):
        pid = "0"
    return Path(f"/proc/{pid}")
