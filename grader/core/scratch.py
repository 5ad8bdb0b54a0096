"""A session's temporary folder: made, and removed with whatever a submission has written in it.

A folder is locked while the process that made it lives. One that nobody holds any more, because that process and its
session were killed together, is removed by the next run.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
import time
from typing import Final

TRIES: Final = 50
"""How often in a row a folder may turn out not to be removable before it is left."""

HELD = "grader-session-"
"""What the name of a folder begins with that is locked by a living process."""


def make_scratch() -> tuple[str, int]:
    """A new temporary folder, and the descriptor that holds it: closing that, or dying, gives the folder up."""
    import fcntl  # not there on systems that have no sandbox, either

    while True:
        folder = tempfile.mkdtemp(prefix=HELD)
        held = -1
        try:
            held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            fcntl.flock(held, fcntl.LOCK_EX)
            if os.path.samestat(os.fstat(held), os.stat(folder)):
                return folder, held
        except FileNotFoundError:
            # Another run took it for one that is abandoned, since nobody held it yet.
            pass
        if held >= 0:
            os.close(held)


def remove_abandoned() -> None:
    """Remove the folders of :func:`make_scratch` that no process holds any more; nothing raises."""
    import fcntl

    top = tempfile.gettempdir()
    with contextlib.suppress(OSError):
        for name in os.listdir(top):
            if name.startswith(HELD):
                # Somebody else's can't be opened, or is held.
                with contextlib.suppress(OSError):
                    found = os.open(os.path.join(top, name), os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
                    try:
                        fcntl.flock(found, fcntl.LOCK_EX | fcntl.LOCK_NB)
                        if os.fstat(found).st_uid == os.geteuid():
                            remove_scratch(os.path.join(top, name))
                    finally:
                        os.close(found)


def worker_folder(base: str, number: int) -> str:
    """Where worker ``number`` of a zygote writes, at level ``landlock``: one that the session finds, too."""
    return os.path.join(base, f"worker-{number}")


def remove_scratch(folder: str) -> None:
    """Remove ``folder`` and all that is in it, whose owner is dead; what can't be removed stays, and nothing raises.

    ``shutil.rmtree`` recurses, so that folders nested deeply enough end its caller. This moves what lies deep to the
    top instead, and needs no permission but the owner's.
    """
    in_vain = 0
    while os.path.lexists(folder) and in_vain < TRIES:
        if _remove_top(folder):
            in_vain = 0
        else:
            # Somebody else is clearing up, too, or a dying process still writes.
            in_vain += 1
            time.sleep(0.01)


def _remove_top(folder: str) -> bool:
    """Remove what lies in ``folder``, or ``folder`` where nothing does; whether anything was removed."""
    removed = False
    with contextlib.suppress(OSError):
        os.chmod(folder, 0o700)
        names = os.listdir(folder)
        for name in names:
            with contextlib.suppress(OSError):
                _flatten(folder, os.path.join(folder, name))
                removed = True
        if not names:
            os.rmdir(folder)
            removed = True
    return removed


def _flatten(top: str, path: str) -> None:
    """Remove ``path``, after moving the folders in it to ``top``, under names that nothing there has."""
    if os.path.islink(path) or not os.path.isdir(path):
        os.unlink(path)
        return
    os.chmod(path, 0o700)
    for inner in os.listdir(path):
        deep = os.path.join(path, inner)
        if os.path.isdir(deep) and not os.path.islink(deep):
            # Without it an ordinary user can't move the folder.
            os.chmod(deep, 0o700)
            os.rename(deep, os.path.join(top, secrets.token_hex(16)))
        else:
            os.unlink(deep)
    os.rmdir(path)
