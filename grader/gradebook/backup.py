"""A gradebook copied row by row: into one file as a backup, and back into an empty gradebook of either kind.

A backup is itself a gradebook, in SQLite, whatever it was made of; so a restored backup also moves a course from one
database to another.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

import sqlalchemy as sa

from grader.core.errors import GradebookError
from grader.gradebook.checkup import problems
from grader.gradebook.connection import explained
from grader.gradebook.gradebook import Gradebook
from grader.gradebook.schema import METADATA
from grader.gradebook.writer import single_writer

ROWS = 500
"""How many rows are held at once."""


def back_up(book: Gradebook, file: Path) -> int:
    """Write ``book``, as it is at this moment, into the new ``file``, whole or not at all; returns how many rows.

    A run may be under way. GradebookError if there is such a file.
    """
    if file.exists():
        raise GradebookError(f"{file} exists: a backup overwrites nothing, so name another file")
    return _copy_into_new(book, file)


def restore(file: Path, target: str) -> int:
    """Put a backup into the gradebook ``target``, which must be new or empty; returns how many rows.

    GradebookError if the backup is damaged, or if ``target`` holds anything.
    """
    if not file.is_file():
        raise GradebookError(f"there is no backup {file}")
    if _has_log(file):
        raise GradebookError(
            f"{file} is in use or was left by a kill, so it is no backup: `grader gradebook backup` makes one"
        )
    with tempfile.TemporaryDirectory(prefix="restore-") as folder:
        # The copy is brought to today's schema; the backup stays as it is.
        copied = shutil.copyfile(file, Path(folder) / "backup.db")
        with Gradebook.open(str(copied)) as source:
            if found := problems(source):
                raise GradebookError(f"the backup {file} is damaged: {found[0]}")
            path = Path(target)
            if "://" in target or path.exists():
                with Gradebook.open(target) as book, single_writer(book, "grader gradebook restore"):
                    return _copy(source, book)
            if _has_log(path):
                raise GradebookError(f"{path}-wal belongs to a gradebook that was here: move it away, too")
            return _copy_into_new(source, path)


def _copy_into_new(source: Gradebook, file: Path) -> int:
    """Copy every row into the new ``file``, which is there whole or not at all; returns how many."""
    partial = _partial(file)
    try:
        with Gradebook.open(str(partial)) as copy:
            rows = _copy(source, copy)
        _move(partial, file)
    finally:
        _remove(partial)
    return rows


def _copy(source: Gradebook, target: Gradebook) -> int:
    """Copy every row, in one transaction on each side."""
    rows = 0
    with explained(source.name), source.engine.connect() as connection:
        if source.engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        connection = connection.execution_options(yield_per=ROWS)
        with target.writing() as writing:
            for table in METADATA.sorted_tables:
                if writing.execute(sa.select(sa.exists().select_from(table))).scalar():
                    raise GradebookError(
                        f"the gradebook {target.name} is not empty: move it away, or name another by --gradebook"
                    )
                query = sa.select(table).order_by(*table.primary_key.columns)
                for part in connection.execute(query).mappings().partitions():
                    writing.execute(sa.insert(table), [dict(row) for row in part])
                    rows += len(part)
                if "id" in table.c and target.engine.dialect.name == "postgresql":
                    _continue_numbers(writing, table)
    return rows


def _continue_numbers(connection: sa.Connection, table: sa.Table) -> None:
    """Rows that came with their numbers leave PostgreSQL's own count where it was."""
    following = sa.select(sa.func.coalesce(sa.func.max(table.c.id), 0) + 1).scalar_subquery()
    sequence = sa.func.pg_get_serial_sequence(table.name, "id")
    connection.execute(sa.select(sa.func.setval(sequence, following, False)))


def _has_log(file: Path) -> bool:
    """Whether SQLite keeps rows of ``file`` beside it, which it would also put into another file of this name."""
    log = Path(f"{file}-wal")
    return log.exists() and log.stat().st_size > 0


def _partial(file: Path) -> Path:
    partial = file.with_name(f".{file.name}.partial")
    _remove(partial)
    return partial


def _remove(partial: Path) -> None:
    for name in ("", "-wal", "-shm"):
        with contextlib.suppress(OSError):
            os.unlink(f"{partial}{name}")


def _move(partial: Path, file: Path) -> None:
    try:
        with open(partial, "rb+") as written:
            os.fsync(written.fileno())
        os.rename(partial, file)
    except OSError as error:
        raise GradebookError(f"{file} can't be written: {error.strerror}") from None
