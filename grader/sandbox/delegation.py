"""Finding the control group in which this process may make others, and making it ready: cgroup v2 only.

A group belongs to this process where its host delegates it: a scope that systemd was told to delegate, a container's
own hierarchy, or the root of all groups for root on a host without systemd.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import os
import subprocess
from pathlib import Path
from typing import Final

CONTROLLERS: Final = frozenset({"memory", "pids"})
ENABLE: Final = b"+memory +pids"

TRUSTED: Final = "grader-trusted"
"""The group to which the grader itself moves: one whose children are limited may hold no process of its own."""

TRIES: Final = 50


class NotDelegated(Exception):
    """No groups may be made by this process; the text says why, and what would let it."""


def own_group(membership: str, mounts: str) -> Path:
    """The folder of this process's group by ``/proc/self/cgroup`` and ``mountinfo``; NotDelegated if none is seen."""
    path = next((line.removeprefix("0::") for line in membership.splitlines() if line.startswith("0::")), "")
    for line in mounts.splitlines():
        where, _, what = line.partition(" - ")
        if path and ".." not in path.split("/") and what.split(" ")[0] == "cgroup2":
            root, point = where.split(" ")[3:5]
            inside = os.path.relpath(path, root)
            if not inside.startswith(".."):
                return Path(point) / inside
    raise NotDelegated("no cgroup of version 2 is to be seen here")


def prepared_group(own: Path) -> Path | None:
    """The group above ``own``, or ``own`` itself, if workers' groups can be made in it as it is."""
    top = own.parent if own.name == TRUSTED else own
    return top if CONTROLLERS <= _words(top / "cgroup.subtree_control") and os.access(top, os.W_OK) else None


def prepare_group(own: Path) -> Path:
    """The same, made ready if need be, which moves the processes in ``own`` one group down; or NotDelegated."""
    if (top := prepared_group(own)) is not None:
        return top
    if missing := CONTROLLERS - _words(own / "cgroup.controllers"):
        raise NotDelegated(f"{own} does not have the controllers {', '.join(sorted(missing))} of version 2")
    try:
        # The root of all groups, which alone has no type, may hold processes beside groups.
        is_root = not (own / "cgroup.type").exists()
        if not _is_writable(own) or not (is_root or _is_ours(own)):
            user = "" if os.geteuid() == 0 else "--user "
            raise NotDelegated(
                f"{own} is not delegated to user {os.geteuid()}; where there is systemd, "
                f"`systemd-run {user}--scope -p Delegate=yes` starts a command in a group that is"
            )
        if is_root:
            write(own / "cgroup.subtree_control", ENABLE)
            return own
        return _move_down(own)
    except OSError as error:
        raise NotDelegated(f"{own} can't be made ready: {error.strerror or error}") from None


def _is_writable(group: Path) -> bool:
    return all(os.access(path, os.W_OK) for path in (group, group / "cgroup.procs", group / "cgroup.subtree_control"))


def _is_ours(group: Path) -> bool:
    """Whether all in ``group`` may be moved: systemd delegated it, or it is a container's outermost.

    That it may be written to is not enough: systemd takes back what was done to a group that it keeps for itself.
    """
    for name in ("user.delegate", "trusted.delegate"):
        with contextlib.suppress(OSError):
            if os.getxattr(group, name) == b"1":
                return True
    return os.path.ismount(group) or (os.geteuid() != 0 and _says_systemd(group.name))


def _says_systemd(unit: str) -> bool:
    """Whether a user's own systemd, which may leave no mark, delegated the group of ``unit``."""
    try:
        command = ["systemctl", "--user", "show", "--property=Delegate", "--value", "--", unit]
        answer = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return False
    return answer.stdout.strip() == b"yes"


def _move_down(top: Path) -> Path:
    leaf = top / TRUSTED
    leaf.mkdir(exist_ok=True)
    for _ in range(TRIES):
        for pid in _words(top / "cgroup.procs"):
            with contextlib.suppress(ProcessLookupError):
                write(leaf / "cgroup.procs", pid.encode())
        try:
            write(top / "cgroup.subtree_control", ENABLE)
            return top
        except OSError as error:
            # One that was just being started there.
            if error.errno != errno.EBUSY:
                raise
    raise NotDelegated(f"{top} holds processes that can't be moved")


@functools.cache
def delegated_group() -> Path | NotDelegated:
    """Where this process may make groups, prepared; or why it may not."""
    try:
        return prepare_group(find_own())
    except NotDelegated as reason:
        return reason


def find_own() -> Path:
    """The folder of this process's group; NotDelegated if none is seen."""
    try:
        texts = [Path("/proc/self", name).read_text(encoding="utf-8") for name in ("cgroup", "mountinfo")]
    except OSError:
        raise NotDelegated("this system has no cgroups") from None
    return own_group(*texts)


def _words(path: Path) -> set[str]:
    try:
        return set(path.read_text(encoding="ascii").split())
    except OSError:
        return set()


def write(path: Path, data: bytes) -> None:
    """Write to a file that the kernel has made; OSError if it refuses."""
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, data)
    finally:
        os.close(descriptor)
