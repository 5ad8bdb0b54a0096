"""What a running worker uses, seen from outside: the second layer beneath its own limits.

The kernel's limits count address space, not threads (as root) and not files in all. What is read here is the kernel's
word on a process that may be hostile, and the names in a folder that it may change at any moment.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import msgspec

MAX_THREADS: Final = 64
MAX_FILES: Final = 4096
MAX_DEPTH: Final = 40


class Usage(msgspec.Struct, frozen=True):
    """Processor time in seconds since the worker was forked, threads, and resident memory of no file in bytes."""

    cpu_seconds: float
    threads: int
    resident: int


def read_usage(process: Path) -> Usage | None:
    """What the folder ``/proc/PID`` says; None where it says nothing, as of a process that is gone."""
    try:
        fields = (process / "stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        seconds = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        # The pages of libraries are nobody's own: torch's alone are larger than many an allowance.
        _, resident, of_files, *_ = (process / "statm").read_text(encoding="ascii").split()
        return Usage(seconds, int(fields[17]), (int(resident) - int(of_files)) * os.sysconf("SC_PAGE_SIZE"))
    except (OSError, ValueError, IndexError):
        return None


def read_mechanisms(process: Path) -> dict[str, bool]:
    """Which of the kernel's mechanisms hold the process ``/proc/PID``, by name; empty where the kernel does not say."""
    try:
        lines = (process / "status").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return {}
    status = {key: value.split() for key, _, value in (line.partition(":") for line in lines)}
    sets = [status.get(name, ["1"])[0] for name in ("CapEff", "CapPrm", "CapInh")]
    return {
        "a system-call filter is loaded": status.get("Seccomp") == ["2"],
        "no privilege can be gained by executing a file": status.get("NoNewPrivs") == ["1"],
        "no capability is held": all(int(each, 16) == 0 for each in sets),
        "it is in process namespaces of its own": len(status.get("NSpid", [])) > len(_own_namespaces()),
    }


def _own_namespaces() -> list[str]:
    try:
        lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    return next((line.split()[1:] for line in lines if line.startswith("NSpid:")), [])


def is_overfull(folder: str, most: int) -> bool:
    """Whether ``folder`` holds more than ``most`` bytes, too many files, or what can't be looked into.

    No link is followed, not even one that takes a folder's place while this looks.
    """
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    try:
        return _Count(most).exceeds(descriptor, 0)
    finally:
        os.close(descriptor)


class _Count:
    def __init__(self, most: int) -> None:
        self._bytes, self._files = most, MAX_FILES

    def exceeds(self, folder: int, depth: int) -> bool:
        if depth > MAX_DEPTH:
            return True
        with os.scandir(folder) as entries:
            for entry in entries:
                try:
                    self._bytes -= entry.stat(follow_symlinks=False).st_blocks * 512
                    self._files -= 1
                    if self._bytes < 0 or self._files < 0:
                        return True
                    if entry.is_dir(follow_symlinks=False) and self._inside(folder, entry.name, depth):
                        return True
                except FileNotFoundError:
                    continue
                except OSError:
                    return True
        return False

    def _inside(self, folder: int, name: str, depth: int) -> bool:
        inner = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
        try:
            return self.exceeds(inner, depth + 1)
        finally:
            os.close(inner)
