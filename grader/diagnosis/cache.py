"""What was learnt of a topic's known answers, kept on disk: computed once for a suite, its answers and an engine.

A file is a digest and then msgpack of exactly the expected types; whatever is not that is as if it were not there.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from grader.core.answer import KnownAnswer
from grader.core.digest import engine_digest, suite_digest
from grader.core.topic import Topic
from grader.core.whole import write_whole
from grader.diagnosis.known import Known

KEPT: Final = 8
"""How many files a topic may have: several checkouts of a course, or engines, may share a cache."""

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Known).decode


def cache_folder() -> Path:
    """The user's own folder for what can be computed again."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = str(Path.home() / "Library" / "Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "stride-course" / "mistakes"


def cache_file(folder: Path, topic: Topic, answers: Sequence[KnownAnswer], level: str) -> Path:
    """Where the knowledge of exactly this suite, these answers, this engine and this sandbox is kept."""
    whole = hashlib.sha256(f"{suite_digest(topic)} {engine_digest()} {level}".encode())
    for answer in answers:
        whole.update(f"\0{answer.name}\0".encode() + hashlib.sha256(answer.text.encode()).digest())
    return folder / f"{topic.slug}-{whole.hexdigest()[:32]}.known"


def load(file: Path) -> Known | None:
    """What ``file`` holds; None if there is no such file, or it is not exactly what :func:`store` wrote."""
    try:
        data = file.read_bytes()
    except OSError:
        return None
    digest, content = data[:32], data[32:]
    if hashlib.sha256(content).digest() != digest:
        return None
    try:
        return _decode(content)
    except msgspec.MsgspecError:
        return None


def store(file: Path, known: Known) -> None:
    """Write ``known`` to ``file`` at once or not at all; a folder that can't be written only costs time later."""
    content = _encode(known)
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        # For the owner alone: it is made of known answers, which students must not see.
        write_whole(file, hashlib.sha256(content).digest() + content, mode=0o600)
        _forget_oldest(file)


@contextlib.contextmanager
def alone(file: Path) -> Iterator[None]:
    """Only one process at a time learns what goes into ``file``; the others wait, and then find it there.

    Where files can't be locked, each learns for itself.
    """
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError, ImportError):
            import fcntl

            file.parent.mkdir(parents=True, exist_ok=True)
            lock = stack.enter_context((file.parent / f".{file.stem.rpartition('-')[0]}.lock").open("w"))
            # It ends with the process that holds it, however that ends.
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _forget_oldest(file: Path) -> None:
    slug = file.name.rpartition("-")[0]
    files = sorted(file.parent.glob(f"{slug}-*.known"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in files[KEPT:]:
        old.unlink()
