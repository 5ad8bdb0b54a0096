"""Network namespaces with nothing in them, each for one worker at a time.

To make one takes the kernel as long as all other namespaces of a worker together, and to clear it up as long again. So
they are made once and handed on: a worker has one to itself while it lives, and can leave nothing in it, since it may
neither change it, which the zygote's user namespace owns, nor make a socket.
"""

from __future__ import annotations

import os

from grader.worker import syscalls


class Networks:
    """The network namespaces of a zygote's workers. They go with the process that made this."""

    def __init__(self, uid: int, gid: int) -> None:
        """Move the caller, whose only thread this is, into a user and a network namespace of its own.

        There it stays user ``uid`` and group ``gid``, with the one capability that it takes to change namespaces.
        OSError where the host forbids it.
        """
        syscalls.unshare(syscalls.NEW_USER | syscalls.NEW_NETWORK)
        syscalls.map_user(uid, gid)
        syscalls.keep_capability(syscalls.CAP_SYS_ADMIN)
        self._home = _opened()
        self._free: list[int] = []

    def enter(self) -> int:
        """Move the caller into one that nobody is in, where what it forks is, too; returns the network's descriptor."""
        if not self._free:
            syscalls.unshare(syscalls.NEW_NETWORK)
            return _opened()
        network = self._free.pop()
        syscalls.enter_namespace(network, syscalls.NEW_NETWORK)
        return network

    def leave(self) -> None:
        """Move the caller back to where no worker is."""
        syscalls.enter_namespace(self._home, syscalls.NEW_NETWORK)

    def give_back(self, network: int) -> None:
        """For the next worker: whoever was there has ended, with all it had started."""
        self._free.append(network)


def _opened() -> int:
    return os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
