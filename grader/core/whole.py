"""Files that are replaced as a whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterable
from pathlib import Path


def remove_partial(folder: Path) -> None:
    """Remove what writers that were killed left in ``folder``, into which nobody else may be writing."""
    for partial in folder.glob(".*.partial"):
        with contextlib.suppress(OSError):
            partial.unlink()


def write_whole(file: Path, content: bytes | Iterable[bytes], mode: int | None = None) -> None:
    """Put ``content``, whole or in pieces, into ``file``: all of it is found there later, or what was there.

    ``mode`` is the file's permission, that of any new file unless given. OSError leaves ``file`` as it was and
    nothing beside it.
    """
    # Of its own for each writer, so that two of them don't mix; in the same folder, so that the move is one step.
    partial = file.with_name(f".{secrets.token_hex(8)}.partial")
    try:
        with open(
            os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666 if mode is None else 0o600), "wb"
        ) as new:
            new.writelines([content] if isinstance(content, bytes) else content)
        if mode is not None:
            partial.chmod(mode)
        os.replace(partial, file)
    except BaseException:
        with contextlib.suppress(OSError):
            partial.unlink()
        raise
