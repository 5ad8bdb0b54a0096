"""The control groups that workers are started in: memory of every kind, and threads, counted by the kernel.

Nothing here is needed for a limit to hold, only for it to hold whatever way memory is taken. A group is used for one
worker after another: making one costs more than what it limits. Groups lie in a folder that is locked while the process
that made it lives; one that nobody holds any more is removed by the next.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import time
from pathlib import Path
from typing import Final

from grader.sandbox.delegation import ENABLE, NotDelegated, find_own, prepared_group, write

HELD: Final = "grader-workers-"
"""What the name of a folder of workers' groups begins with."""

TRIES: Final = 50
"""How often, a hundredth of a second apart, a group whose processes were killed is tried to be removed."""


class WorkerGroup:
    """A group that one worker at a time is started in."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self._taken = False
        self._memory = 0
        self._refused = 0
        write(folder / "memory.oom.group", b"1")
        with contextlib.suppress(FileNotFoundError):
            write(folder / "memory.swap.max", b"0")
        self.descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)

    def limit(self, memory: int, threads: int) -> None:
        """Bytes that whoever is in it may use together, of every kind that the kernel counts, and tasks."""
        if memory != self._memory:
            write(self._folder / "memory.max", str(memory).encode())
            write(self._folder / "pids.max", str(threads).encode())
            self._memory = memory

    def take(self) -> bool:
        """Begin with the next worker; False if the last, or too much of what it used, is still there."""
        if self._taken or self.is_populated() or self.ran_out():
            return False
        if self._memory and int(self._read("memory.current")) > self._memory // 4:
            return False
        self._refused = self._counted("pids.events", "max")
        self._taken = True
        return True

    def release(self) -> None:
        """Nobody else will be started in it for this taker."""
        self._taken = False

    def is_populated(self) -> bool:
        """Whether a process is in it."""
        return self._counted("cgroup.events", "populated") == 1

    def ran_out(self) -> bool:
        """Whether its own limit on memory, not one that lies above or the host's end, has ended a worker."""
        return self._counted("memory.events.local", "oom") > 0

    def refused_threads(self) -> bool:
        """Whether a thread or process was refused since it was taken."""
        return self._counted("pids.events", "max") > self._refused

    def remove(self) -> bool:
        """Remove it if nobody is in it; whether it was."""
        if self._taken or not _remove(self._folder, 1):
            return False
        os.close(self.descriptor)
        return True

    def _read(self, name: str) -> str:
        return (self._folder / name).read_text(encoding="ascii")

    def _counted(self, name: str, key: str) -> int:
        """A number of one of the group's files; 0 where the group is gone, with its zygote."""
        try:
            words = self._read(name).split()
        except OSError:
            return 0
        return int(words[words.index(key) + 1])


class WorkerGroups:
    """The groups of one zygote's workers, made as they are needed in a folder under ``top``; OSError if refused."""

    def __init__(self, top: Path) -> None:
        clear_abandoned(top)
        self._folder, self._held = _make_held(top)
        self._groups: list[WorkerGroup] = []
        self._made = 0
        try:
            write(self._folder / "cgroup.subtree_control", ENABLE)
        except OSError:
            self.close()
            raise

    def take(self) -> WorkerGroup:
        """An empty one, from which nobody was ended for want of memory."""
        for group in self._groups:
            if group.take():
                return group
        # Those that are only waiting for a dying process can't be removed, and are taken later.
        self._groups = [group for group in self._groups if not group.remove()]
        self._made += 1
        group = WorkerGroup(self._folder / str(self._made))
        self._groups.append(group)
        group.take()
        return group

    def close(self) -> None:
        """End what is in them, and remove them."""
        _remove_all(self._folder)
        for group in self._groups:
            os.close(group.descriptor)
        os.close(self._held)


def clear_abandoned(top: Path | None = None) -> None:
    """Remove what killed processes left in ``top``, or where this process's groups would be; nothing raises."""
    with contextlib.suppress(OSError, NotDelegated):
        import fcntl  # not there on systems that have no cgroups, either

        top = top or prepared_group(find_own())
        for folder in top.glob(f"{HELD}*") if top is not None else ():
            # Somebody else's is held, or can't be removed.
            with contextlib.suppress(OSError):
                found = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
                try:
                    fcntl.flock(found, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    _remove_all(folder)
                finally:
                    os.close(found)


def _make_held(top: Path) -> tuple[Path, int]:
    import fcntl

    while True:
        folder = top / f"{HELD}{secrets.token_hex(8)}"
        folder.mkdir()
        # Another run may take it for one that is abandoned, since nobody held it yet.
        with contextlib.suppress(FileNotFoundError):
            held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            fcntl.flock(held, fcntl.LOCK_EX)
            if folder.exists():
                return folder, held
            os.close(held)


def _remove_all(folder: Path) -> None:
    for inner in folder.glob("[0-9]*"):
        with contextlib.suppress(OSError):
            write(inner / "cgroup.kill", b"1")
        _remove(inner, TRIES)
    _remove(folder, 1)


def _remove(folder: Path, tries: int) -> bool:
    """Remove an empty group, in which the last process may be still dying; whether it is gone."""
    for attempt in range(tries):
        with contextlib.suppress(OSError):
            folder.rmdir()
        if not folder.exists():
            return True
        if attempt < tries - 1:
            time.sleep(0.01)
    return False
