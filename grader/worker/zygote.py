"""The warm process that workers are forked from. It never reads a student's byte.

It imports the runtime once, freezes its heap so that forks share it, and then forks a worker for each request: the
worker's socket and output file come with the request, a pidfd goes back, and the exit status follows when it ends.
"""

from __future__ import annotations

import contextlib
import fcntl
import gc
import os
import select
import signal
import socket
import sys
from typing import NamedTuple

from grader.core.errors import WireError
from grader.core.scratch import remove_scratch, worker_folder
from grader.wire.messages import Broken, Exited, Fork, Forked, Ready, Start, decode_to_zygote, encode
from grader.worker import serve, syscalls
from grader.worker.confine import Confinement
from grader.worker.imports import find_readable_only
from grader.worker.networks import Networks
from grader.worker.runtime import import_runtime

MAX_REQUEST = 2**20


def main(descriptor: int) -> None:
    """Serve requests on socket ``descriptor`` (SOCK_SEQPACKET) until the session closes it."""
    control = socket.socket(fileno=descriptor)
    try:
        data, _, _, _ = socket.recv_fds(control, MAX_REQUEST, 0)
        start = decode_to_zygote(data)
        if not isinstance(start, Start):
            raise WireError("the first message is not Start")
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        # First, while there is one thread: the kernel asks for that.
        networks = Networks(os.getuid(), os.getgid()) if start.policy.level == "full" else None
        import_runtime(start.runtime, start.trains)
        zygote = _Zygote(control, Confinement(start.policy), networks, serve.Answers())
        # Once, here: in a worker each page that is written to first is copied.
        serve.furnish(start.policy.scratch)
    except Exception as error:
        control.send(encode(Broken(f"{type(error).__name__}: {error}"[:500])))
        raise
    # Nothing is collected after the fork that was there before, so that its pages stay shared.
    gc.collect()
    gc.freeze()
    control.send(encode(Ready()))
    zygote.serve()
    # With torch Python takes a quarter of a second to take itself apart, and whoever started this waits for the end.
    os._exit(0)


class _Worker(NamedTuple):
    """A worker that was forked; ``network`` is its network namespace, if it has one of its own."""

    number: int
    pid: int
    scratch: str
    network: int | None


class _Zygote:
    def __init__(
        self, control: socket.socket, confinement: Confinement, networks: Networks | None, answers: serve.Answers
    ) -> None:
        """Each worker begins with a copy of ``answers``, which have answered nothing."""
        self._answers = answers
        self._control = control
        self._confinement = confinement
        self._private = confinement.policy.level != "full"
        if self._private:
            find_readable_only(confinement.policy.readable)
        self._networks = networks
        self._workers: dict[int, _Worker] = {}
        self._cleaners: dict[int, int] = {}
        self._poller = select.poll()
        syscalls.no_new_privileges()

    def serve(self) -> None:
        self._poller.register(self._control, select.POLLIN)
        while True:
            for descriptor, _ in self._poller.poll():
                if descriptor == self._control.fileno():
                    data, fds, _, _ = socket.recv_fds(self._control, MAX_REQUEST, 3)
                    if not data:
                        self._stop()
                        return
                    request = decode_to_zygote(data)
                    if isinstance(request, Fork):
                        self._poller.register(self._fork(request.number, fds), select.POLLIN)
                    continue
                self._poller.unregister(descriptor)
                if descriptor in self._cleaners:
                    os.close(descriptor)
                    os.waitpid(self._cleaners.pop(descriptor), 0)
                else:
                    self._reap(descriptor)

    def _fork(self, number: int, fds: list[int]) -> int:
        channel, output, *group = fds
        scratch = self._confinement.policy.scratch
        if self._private:
            scratch = worker_folder(scratch, number)
            os.mkdir(scratch, 0o700)
        network = None if self._networks is None else self._networks.enter()
        pid = self._forked(*group)
        if pid == 0:
            self._become_worker(scratch, channel, output)
        if self._networks is not None:
            self._networks.leave()
        for fd in fds:
            os.close(fd)
        pidfd = os.pidfd_open(pid)
        socket.send_fds(self._control, [encode(Forked(number))], [pidfd])
        self._workers[pidfd] = _Worker(number, pid, scratch, network)
        return pidfd

    def _forked(self, group: int | None = None) -> int:
        try:
            return self._confinement.fork(group)
        except OSError:
            if group is None:
                raise
            # The session sees that nobody is in the group.
            return self._confinement.fork(None)

    def _become_worker(self, scratch: str, channel: int, output: int) -> None:
        """Never returns: whatever happens, this process ends without running the zygote's own code again."""
        status = 1
        try:
            keep = move_descriptors(channel, output)
            sock = socket.socket(fileno=keep)
            try:
                self._confinement.enter(scratch)
            except Exception as error:
                serve.greet(sock, Broken(f"the worker could not be confined: {error}"[:500]))
                os._exit(1)
            serve.greet(sock, Ready())
            if self._private:
                serve.move_in(scratch)
            serve.serve(sock, self._answers)
            status = 0
        finally:
            with contextlib.suppress(BaseException):
                sys.stdout.flush()
            os._exit(status)

    def _reap(self, pidfd: int) -> None:
        number, pid, scratch, network = self._workers.pop(pidfd)
        os.close(pidfd)
        _, status, usage = os.wait4(pid, 0)
        if self._networks is not None and network is not None:
            self._networks.give_back(network)
        if self._private:
            self._clean(scratch)
        seconds = usage.ru_utime + usage.ru_stime
        # A session that has gone meanwhile is noticed by the loop, which then ends and clears up.
        with contextlib.suppress(BrokenPipeError):
            self._control.send(encode(Exited(number, status, seconds, usage.ru_maxrss * 1024)))

    def _clean(self, scratch: str) -> None:
        """Remove what a worker left; in a process of its own, since it may be enough to keep the next one waiting."""
        with contextlib.suppress(OSError):
            os.rmdir(scratch)
            return
        pid = os.fork()
        if pid == 0:
            try:
                self._control.close()
                remove_scratch(scratch)
            finally:
                os._exit(0)
        pidfd = os.pidfd_open(pid)
        self._cleaners[pidfd] = pid
        self._poller.register(pidfd, select.POLLIN)

    def _stop(self) -> None:
        for pidfd, worker in self._workers.items():
            signal.pidfd_send_signal(pidfd, signal.SIGKILL)
            os.waitpid(worker.pid, 0)
            if self._private:
                remove_scratch(worker.scratch)
        for pid in self._cleaners.values():
            os.waitpid(pid, 0)


def move_descriptors(channel: int, output: int) -> int:
    """Make ``output`` stdout and stderr, /dev/null stdin, ``channel`` a descriptor nobody guesses; close all others.

    Returns the channel's new number.
    """
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    target = 64 + int.from_bytes(os.urandom(4), "big") % 186
    # A copy first: the target itself may be one of the two.
    spare = fcntl.fcntl(channel, fcntl.F_DUPFD_CLOEXEC, 251)
    os.closerange(3, spare)
    os.dup2(spare, target, inheritable=False)
    os.close(spare)
    os.closerange(spare + 1, 4096)
    return target
