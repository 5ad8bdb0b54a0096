"""Removing a folder that a submission has written in."""

from __future__ import annotations

import contextlib
import os
import secrets


def remove_scratch(folder: str) -> None:
    """Remove ``folder`` and all that is in it, whose owner is dead; what can't be removed stays, and nothing raises.

    ``shutil.rmtree`` recurses, so that folders nested deeply enough end its caller. This moves what lies deep to the
    top instead, and needs no permission but the owner's.
    """
    with contextlib.suppress(OSError):
        os.chmod(folder, 0o700)
        while names := os.listdir(folder):
            for name in names:
                # What somebody else, clearing up too, has just removed is what was wanted.
                with contextlib.suppress(FileNotFoundError):
                    _flatten(folder, os.path.join(folder, name))
        os.rmdir(folder)


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
