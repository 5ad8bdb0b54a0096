"""Programs as an ordinary user, also where the interpreter lies in a folder that such a user may not enter.

An interpreter under ``/root``, or a clone in a closed home, is nothing to an ordinary user. So root starts the program
in a mount namespace of its own: there each closed folder is covered by an open one that holds, at their own paths,
what Python and the project need and nothing else. The host is left as it is.
"""

from __future__ import annotations

import ctypes
import functools
import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
NOBODY = 65534

_CLONE_NEWNS = 0x00020000
_MS_BIND, _MS_REC, _MS_PRIVATE = 4096, 16384, 1 << 18


class Unavailable(Exception):
    """This host, or this user, can't have what a test needs; the text says what is missing."""


def as_user(user: int | None) -> list[str]:
    """What stands before a command that ``user`` shall run; Unavailable says what this host lacks for it."""
    if user is None:
        return []
    if reason := _missing(user):
        raise Unavailable(f"user {user} can't run {sys.executable}: {reason}")
    return [sys.executable, "-P", str(Path(__file__).resolve()), str(user)]


@functools.cache
def _missing(user: int) -> str:
    """Why ``user`` can't run this interpreter with the project's packages here; "" where a trial shows that it can."""
    trial = f"import os, msgspec, numpy, grader.core.errors; os.stat({tempfile.gettempdir() + '/.'!r})"
    command = [sys.executable, "-P", str(Path(__file__).resolve()), str(user), sys.executable, "-P", "-c", trial]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, stderr=subprocess.PIPE, cwd="/", env=environment, timeout=120, check=False)
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return (lines[-1] if lines else f"exit status {done.returncode}") if done.returncode else ""


def needed() -> list[Path]:
    """Where the interpreter, its packages, the project and temporary files lie."""
    texts = [sys.base_prefix, sys.prefix, *filter(None, sys.path), str(ROOT), tempfile.gettempdir()]
    paths = [Path(form) for text in texts for form in (os.path.abspath(text), os.path.realpath(text))]
    return [path for path in dict.fromkeys(paths) if path.is_dir()]


def closed_above(path: Path) -> Path | None:
    """The first folder on the way to ``path`` that others may not pass through."""
    parents = reversed(path.parents)
    return next((parent for parent in parents if not parent.stat().st_mode & stat.S_IXOTH), None)


def open_up(paths: list[Path]) -> None:
    """Make ``paths`` reachable for everybody, in a mount namespace of the caller's own; OSError if it may not."""
    covers = {path: cover for path in paths if (cover := closed_above(path)) is not None}
    if not covers:
        return
    libc = ctypes.CDLL(None, use_errno=True)

    def mount(source: str, target: str, kind: str, flags: int, options: str) -> None:
        arguments = (source.encode(), target.encode(), kind.encode(), ctypes.c_ulong(flags), options.encode())
        if libc.mount(*arguments) != 0:
            raise OSError(ctypes.get_errno(), f"mount on {target}: {os.strerror(ctypes.get_errno())}")

    if libc.unshare(_CLONE_NEWNS) != 0:
        raise OSError(ctypes.get_errno(), f"a mount namespace: {os.strerror(ctypes.get_errno())}")
    mount("none", "/", "", _MS_REC | _MS_PRIVATE, "")
    # Opened before anything covers them, in the namespace in which they are mounted again.
    sources = {path: os.open(path, os.O_PATH | os.O_DIRECTORY) for path in covers}
    for cover in sorted(set(covers.values())):
        mount("tmpfs", str(cover), "tmpfs", 0, "mode=755,size=1m")
    for path in sorted(covers):
        path.mkdir(parents=True, exist_ok=True)
        mount(f"/proc/self/fd/{sources[path]}", str(path), "", _MS_BIND | _MS_REC, "")
    for source in sources.values():
        os.close(source)


def main(user: str, *command: str) -> None:
    """Become ``user`` and run ``command``; never returns."""
    os.umask(0o022)
    try:
        open_up(needed())
        os.setgroups([])
        os.setresgid(int(user), int(user), int(user))
        os.setresuid(int(user), int(user), int(user))
        os.execv(command[0], command)
    except OSError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(*sys.argv[1:])
