"""A database made ready: SQLite's settings, migrations, and errors in one sentence."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, IntegrityError, NoSuchModuleError, SQLAlchemyError

from grader.core.errors import GradebookError
from grader.gradebook.schema import HEAD, METADATA

BUSY_MS = 5_000
"""How long SQLite waits for another process's transaction before it gives up."""

MIGRATIONS = Path(__file__).parent / "migrations"

MIGRATION_KEY = 0x53545249_44450001
"""PostgreSQL's advisory lock that is held while a schema changes; the writer's is the next number."""

# As Alembic makes it.
_VERSION = sa.Table(
    "alembic_version",
    sa.MetaData(),
    sa.Column("version_num", sa.String(32), nullable=False),
    sa.PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)

_CAUSES = (
    (("locked", "busy"), "is in use by another process: let that run end, then try again"),
    (("not a database", "malformed"), "is damaged, or no gradebook: restore a backup or name another file"),
    (("readonly", "read-only", "unable to open"), "can't be written: check the rights of the file and its folder"),
    (("is full",), "can't grow, because the disk is full: free some space, then try again"),
    (
        ("connection refused", "connection failed", "connection is bad", "could not translate"),
        "can't be reached: is its server running?",
    ),
    (("disk i/o error",), "can't be read or written: the disk reports an error"),
)


def connect(url_or_path: str) -> tuple[sa.Engine, str]:
    """An engine on a gradebook with the newest schema, and the gradebook's name in words; raises GradebookError."""
    url = _url(url_or_path)
    name = (url.database or "in memory") if _is_sqlite(url) else _shown(url)
    try:
        engine = sa.create_engine(url)
    except (NoSuchModuleError, ImportError) as error:
        extra = ", or `pip install 'stride-course[postgres]'`" if url.get_backend_name() == "postgresql" else ""
        raise GradebookError(
            f"the gradebook {name} needs a database driver that is not installed: {error}{extra}"
        ) from None
    if _is_sqlite(url):
        _refuse_missing_folder(url)
        sa.event.listen(engine, "connect", _set_pragmas)
        sa.event.listen(engine, "begin", _begin)
    try:
        with explained(name):
            _make_current(engine, name)
    except BaseException:
        engine.dispose()
        raise
    return engine, name


@contextmanager
def explained(name: str) -> Iterator[None]:
    """Turn the database's exceptions into a GradebookError of one sentence about gradebook ``name``."""
    try:
        yield
    except IntegrityError as error:
        why = " ".join(str(error.orig).split())
        raise GradebookError(f"the gradebook {name} has no such run, or refused a row: {why}") from error
    except (SQLAlchemyError, sqlite3.Error) as error:
        text = str(getattr(error, "orig", None) or error)
        for words, sentence in _CAUSES:
            if any(word in text.lower() for word in words):
                raise GradebookError(f"the gradebook {name} {sentence}") from error
        raise GradebookError(f"the gradebook {name} can't be used: {' '.join(text.split())}") from error


def _url(url_or_path: str) -> sa.URL:
    if "://" not in url_or_path:
        return sa.URL.create("sqlite", database=url_or_path)
    try:
        url = sa.make_url(url_or_path)
    except ArgumentError:
        raise GradebookError(
            "the gradebook's URL can't be read: write sqlite:///FILE or postgresql://HOST/NAME"
        ) from None
    # The driver that the extra "postgres" installs; SQLAlchemy's own default is an older one.
    return url.set(drivername="postgresql+psycopg") if url.drivername in ("postgresql", "postgres") else url


def _shown(url: sa.URL) -> str:
    """The URL without its password, and without what a reader has no use for."""
    return url.set(drivername=url.get_backend_name(), query={}).render_as_string(hide_password=True)


def _is_sqlite(url: sa.URL) -> bool:
    return url.get_backend_name() == "sqlite"


def _refuse_missing_folder(url: sa.URL) -> None:
    if url.database in (None, "", ":memory:"):
        return
    path = Path(str(url.database))
    if not path.parent.is_dir():
        raise GradebookError(f"the gradebook {path} can't be made: there is no folder {path.parent}")
    if path.is_dir():
        raise GradebookError(f"the gradebook {path} is a folder: name a file in it, such as {path / 'gradebook.db'}")


def _set_pragmas(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # or the driver would commit by itself around a migration's statements
    for pragma in (f"busy_timeout={BUSY_MS}", "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: sa.Connection) -> None:
    exclusive = connection.get_execution_options().get("migrates", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if exclusive else "BEGIN")


def _make_current(engine: sa.Engine, name: str) -> None:
    """Bring the schema to HEAD; costs one query where it already is."""
    with engine.connect() as connection:
        if _version(connection, name) == HEAD:
            return
    with engine.connect().execution_options(migrates=True) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATION_KEY)))
        # Read again now that no other process can write: one may have migrated in between.
        if not sa.inspect(connection).get_table_names():
            _make(connection)
        elif _version(connection, name) != HEAD:
            _migrate(connection)


def _version(connection: sa.Connection, name: str) -> str | None:
    tables = sa.inspect(connection).get_table_names()
    if "alembic_version" not in tables:
        if tables:
            raise GradebookError(f"the database {name} is no gradebook: it holds other tables; name another one")
        return None
    version = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    if version is not None and str(version) > HEAD:
        raise GradebookError(f"the gradebook {name} was written by a newer release: upgrade this one to read it")
    return version


def _make(connection: sa.Connection) -> None:
    """What all migrations together make of an empty database, without Alembic, which takes long to import."""
    METADATA.create_all(connection, checkfirst=False)
    _VERSION.create(connection)
    connection.execute(sa.insert(_VERSION), {"version_num": HEAD})


def _migrate(connection: sa.Connection) -> None:
    from alembic import command  # costs more to import than opening a gradebook may take
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
