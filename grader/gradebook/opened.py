"""An open database, and how values go into its rows and come back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from operator import itemgetter
from pathlib import Path
from typing import Any, Self, TypeVar

import msgspec
import sqlalchemy as sa
from sqlalchemy.sql.compiler import SQLCompiler

from grader.core.errors import GradebookError
from grader.gradebook.connection import connect, explained

_T = TypeVar("_T")
_SURROGATE = re.compile("[\ud800-\udfff]")


class Opened:
    """An open gradebook's database; its methods raise GradebookError, in one sentence, where the database fails."""

    def __init__(self, engine: sa.Engine, name: str) -> None:
        self.engine = engine
        self.name = name
        self._inserts: dict[str, SQLCompiler] = {}

    @classmethod
    def open(cls, url_or_path: str) -> Self:
        """Open the gradebook at a file path or an SQLAlchemy URL; make or migrate it where needed."""
        return cls(*connect(url_or_path))

    @classmethod
    def open_existing(cls, url_or_path: str) -> Self:
        """As ``open``, but a file that is not there is not made."""
        if "://" not in url_or_path and not Path(url_or_path).is_file():
            raise GradebookError(
                f"there is no gradebook at {url_or_path}: grade something first, or name it by --gradebook"
            )
        return cls.open(url_or_path)

    def close(self) -> None:
        """Give back the database's connections."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A connection to read from."""
        with explained(self.name), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """One transaction: all of it is kept, or nothing."""
        with explained(self.name), self.engine.begin() as connection:
            yield connection

    def insert_plain(
        self, connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, str | float]]
    ) -> None:
        """Insert ``rows``, which have every column, all of them texts or numbers: the driver takes these as they are.

        What SQLAlchemy would do with each value on its way takes longer than the database itself.
        """
        insert = self._inserts.get(table.name)
        if insert is None:
            insert = self._inserts[table.name] = sa.insert(table).compile(dialect=connection.dialect)
        if (names := insert.positiontup) is None:
            connection.exec_driver_sql(insert.string, list(rows))
        else:
            connection.exec_driver_sql(insert.string, [*map(itemgetter(*names), rows)])

    def decode(self, blob: bytes, type_: type[_T]) -> _T:
        """The value that ``encoded`` made of it."""
        try:
            return msgspec.json.decode(blob, type=type_)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise GradebookError(f"the gradebook {self.name} is damaged: a grade can't be read ({error})") from None


def encoded(value: msgspec.Struct) -> bytes:
    """``value`` as JSON."""
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:  # a file name that is not UTF-8 arrives as lone surrogates
        text = json.dumps(msgspec.to_builtins(value), ensure_ascii=False)
        return _SURROGATE.sub(lambda match: f"\\\\u{ord(match[0]):04x}", text).encode()


def stored(name: str) -> str:
    """``name`` as a database can store it, and as ``encoded`` writes it."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def now() -> datetime:
    """The time in UTC, as it is stored."""
    return datetime.now(UTC).replace(tzinfo=None)


def as_stored(time: datetime | None) -> datetime | None:
    """An aware time in UTC without its zone: SQLite keeps none."""
    return time and time.astimezone(UTC).replace(tzinfo=None)


def utc(time: datetime | None) -> datetime | None:
    """A stored time with its zone."""
    return time and time.replace(tzinfo=UTC)


def new_id(result: sa.CursorResult[Any]) -> int:
    """The id of the row that was just inserted."""
    key = result.inserted_primary_key
    assert key is not None
    return int(key[0])
