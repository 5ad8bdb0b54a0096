"""One writer at a time: a second ``grade`` on the same gradebook stops with a sentence that names the first.

The lock belongs to a process and ends with it, however that dies, so none is ever stale: on SQLite it is the kernel's
on a file beside the database, on PostgreSQL an advisory lock of the session.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from grader.core.errors import GradebookError
from grader.gradebook.connection import MIGRATION_KEY, explained
from grader.gradebook.opened import Opened, now

WRITER_KEY = MIGRATION_KEY + 1
SUFFIX = ".writer"
MOST_NAME = 60
"""Bytes of a session's name that PostgreSQL keeps."""


@contextmanager
def single_writer(book: Opened, what: str) -> Iterator[None]:
    """Hold ``book`` for ``what`` (a command); GradebookError names whoever holds it already."""
    with _held(book, f"`{what}`, process {os.getpid()} on {socket.gethostname()}"):
        yield


def _held(book: Opened, who: str) -> contextlib.AbstractContextManager[None]:
    url = book.engine.url
    if url.get_backend_name() == "postgresql":
        return _session_lock(book, who)
    if url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:"):
        return _file_lock(book.name, f"{url.database}{SUFFIX}", f"{who}, since {now():%Y-%m-%d %H:%M} UTC")
    return contextlib.nullcontext()


def _refusal(name: str, who: str) -> GradebookError:
    return GradebookError(f"the gradebook {name} is being written by {who}: wait for it to end, or name another one")


@contextmanager
def _file_lock(name: str, path: str, who: str) -> Iterator[None]:
    if sys.platform == "win32":
        # Nothing that takes long writes a gradebook there: grading needs Linux.
        yield
        return
    import fcntl

    while True:
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        except OSError as error:
            raise GradebookError(f"the gradebook {name} can't be locked: {path}: {error.strerror}") from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 1_000, 0).decode("utf-8", "replace").strip()
            os.close(descriptor)
            raise _refusal(name, holder or "another process") from None
        except OSError as error:
            os.close(descriptor)
            raise GradebookError(
                f"the gradebook {name} can't be locked: {error.strerror}; put it on a local disk"
            ) from None
        with contextlib.suppress(OSError):
            if os.stat(path).st_ino == os.fstat(descriptor).st_ino:
                break
        # Whoever held it took the file away in between: what is locked now is nobody's.
        os.close(descriptor)
    try:
        with contextlib.suppress(OSError):  # a full disk can hold a lock, if not a name
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, who.encode("utf-8", "replace"), 0)
        yield
    finally:
        with contextlib.suppress(OSError):
            os.unlink(path)
        os.close(descriptor)


@contextmanager
def _session_lock(book: Opened, who: str) -> Iterator[None]:
    with explained(book.name):
        connection = book.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    try:
        with explained(book.name):
            name = who.encode("ascii", "replace")[:MOST_NAME].decode()
            connection.execute(sa.select(sa.func.set_config("application_name", name, False)))
            free = connection.execute(sa.select(sa.func.pg_try_advisory_lock(WRITER_KEY))).scalar()
            holder = "" if free else connection.execute(_HOLDER).scalar()
        if not free:
            raise _refusal(book.name, holder or "another session")
        yield
    finally:
        # A server sees after a moment only that a connection is gone; and a pool would keep it, lock and all.
        with contextlib.suppress(SQLAlchemyError):
            connection.execute(sa.select(sa.func.pg_advisory_unlock_all()))
        connection.invalidate()
        connection.close()


_HOLDER = sa.text(
    "SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid "
    "WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 "
    "AND l.classid = :high AND l.objid = :low "
    "AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
).bindparams(high=WRITER_KEY >> 32, low=WRITER_KEY & 0xFFFFFFFF)
