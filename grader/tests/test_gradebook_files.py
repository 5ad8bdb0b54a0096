"""The file of a gradebook: kills, damage, locks, other schemas and other places, each one sentence."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from grader.core.errors import GradebookError
from grader.gradebook import Gradebook, connection
from grader.gradebook.schema import HEAD, METADATA
from grader.tests.records import begin, count, cut_off, graded

RECORD_FOR_EVER = """
import sys
from grader.gradebook import Gradebook
from grader.tests.records import begin, graded

with Gradebook.open(sys.argv[1]) as book:
    run = begin(book)
    for number in range(1_000_000):
        book.record(run, graded(f"student-{number:07}"))
        print(number, flush=True)
"""


def test_what_was_reported_as_recorded_survives_a_kill(gradebook_file: Path) -> None:
    """A process that is killed in the middle of recording loses nothing that ``record`` had returned from."""
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", RECORD_FOR_EVER, str(gradebook_file)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
    ) as process:
        assert process.stdout is not None
        for _ in range(100):
            assert process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        reported = 100 + len(process.stdout.read().split())
    with Gradebook.open(str(gradebook_file)) as book:
        stored = book.results()
        assert reported <= len(stored) <= reported + 1
        assert [graded(f"student-{number:07}") for number in range(len(stored))] == stored
        assert 2 * len(stored) == count(gradebook_file, "checks")
        assert book.runs()[0].finished is None
        rerun = begin(book)
        book.link(rerun, *book.known("toy", "s1", "e1", "full").values())
        assert stored == book.results(run=rerun)
    with sqlite3.connect(gradebook_file) as database:
        assert [("ok",)] == database.execute("PRAGMA integrity_check").fetchall()


@pytest.mark.parametrize("content", [b"this is no database, but it is long enough to be one" * 90, b"PK\x03\x04"])
def test_a_corrupt_file_is_one_sentence(gradebook_file: Path, content: bytes) -> None:
    """And the file is left as it was."""
    gradebook_file.write_bytes(content)
    with pytest.raises(GradebookError, match="is damaged, or no gradebook: restore a backup"):
        Gradebook.open(str(gradebook_file))
    assert content == gradebook_file.read_bytes()


def test_a_damaged_grade_is_one_sentence(gradebook_file: Path) -> None:
    """Bytes that are no grade."""
    with Gradebook.open(str(gradebook_file)) as book:
        book.record(begin(book), graded())
        with sqlite3.connect(gradebook_file) as database:
            database.execute("UPDATE grades SET grade = x'7b00ff'")
        with pytest.raises(GradebookError, match="is damaged: a grade can't be read"):
            book.results()


def test_another_database_is_refused(gradebook_file: Path) -> None:
    """A SQLite file that some other program made is not written to."""
    with sqlite3.connect(gradebook_file) as database:
        database.execute("CREATE TABLE tunes (name TEXT)")
    with pytest.raises(GradebookError, match="is no gradebook: it holds other tables"):
        Gradebook.open(str(gradebook_file))
    with sqlite3.connect(gradebook_file) as database:
        assert [("tunes",)] == database.execute("SELECT name FROM sqlite_master").fetchall()


def test_a_locked_gradebook_is_one_sentence(gradebook_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While another process writes, reading goes on and writing says why it can't."""
    monkeypatch.setattr(connection, "BUSY_MS", 20)
    Gradebook.open(str(gradebook_file)).close()
    other = sqlite3.connect(gradebook_file, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        with Gradebook.open(str(gradebook_file)) as book:
            assert [] == book.runs()
            with pytest.raises(GradebookError, match="is in use by another process"):
                begin(book)
    finally:
        other.close()


def test_a_locked_new_gradebook_is_one_sentence(gradebook_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process is making it at this moment."""
    monkeypatch.setattr(connection, "BUSY_MS", 20)
    other = sqlite3.connect(gradebook_file, isolation_level=None)
    try:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(GradebookError, match="is in use by another process"):
            Gradebook.open(str(gradebook_file))
    finally:
        other.close()


def test_a_gradebook_that_was_not_finished_is_made_again(gradebook_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is cut off while it is made leaves nothing behind."""
    cut_off(monkeypatch, "_make")
    with pytest.raises(KeyboardInterrupt):
        Gradebook.open(str(gradebook_file))
    assert 0 == count(gradebook_file, "sqlite_master")
    monkeypatch.undo()
    with Gradebook.open(str(gradebook_file)) as book:
        assert [] == book.runs()


def test_a_newer_schema_is_one_sentence(gradebook_file: Path) -> None:
    """A gradebook that a later release has migrated is not touched."""
    Gradebook.open(str(gradebook_file)).close()
    with sqlite3.connect(gradebook_file) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(GradebookError, match="newer release: upgrade this one"):
        Gradebook.open(str(gradebook_file))


def test_a_missing_folder_and_a_folder_are_one_sentence(gradebook_file: Path) -> None:
    """Nothing is made in their place."""
    with pytest.raises(GradebookError, match=r"there is no folder .*nowhere"):
        Gradebook.open(str(gradebook_file / "nowhere" / "gradebook.db"))
    with pytest.raises(GradebookError, match="is a folder: name a file in it"):
        Gradebook.open(str(gradebook_file.parent))


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="needs /proc, a folder that even root can't write to")
def test_an_unwritable_folder_is_one_sentence() -> None:
    """Whoever runs it."""
    with pytest.raises(GradebookError, match="can't be written: check the rights"):
        Gradebook.open("/proc/gradebook.db")


def test_a_url_that_is_none_and_a_missing_driver_are_one_sentence() -> None:
    """The password is not repeated."""
    with pytest.raises(GradebookError, match="URL can't be read"):
        Gradebook.open("://")
    with pytest.raises(GradebookError, match="driver that is not installed") as caught:
        Gradebook.open("nosuchdb://me:secret@host/name")
    assert "secret" not in str(caught.value)


def test_a_url_and_a_path_open_the_same_file(gradebook_file: Path) -> None:
    """``sqlite:///FILE``, also where the path holds a per cent sign."""
    odd = gradebook_file.with_name("50% done.db")
    with Gradebook.open(str(odd)) as book:
        begin(book)
    with Gradebook.open(f"sqlite:///{odd}") as book:
        assert ["toy"] == book.topics()


def test_sqlite_is_set_for_one_writer_and_many_readers(gradebook_file: Path) -> None:
    """WAL is a property of the file, so any reader sees it."""
    Gradebook.open(str(gradebook_file)).close()
    with sqlite3.connect(gradebook_file) as database:
        assert ("wal",) == database.execute("PRAGMA journal_mode").fetchone()


@pytest.mark.parametrize("made_before", [False, True])
def test_a_current_gradebook_needs_no_migration_tool(gradebook_file: Path, made_before: bool) -> None:
    """Alembic costs more to import than making or opening one may take."""
    if made_before:
        Gradebook.open(str(gradebook_file)).close()
    code = "import sys, grader.gradebook as g; g.Gradebook.open(sys.argv[1]); print('alembic' in sys.modules)"
    root = Path(__file__).parents[2]
    run = subprocess.run(
        [sys.executable, "-c", code, str(gradebook_file)], cwd=root, capture_output=True, text=True, check=True
    )
    assert "False" == run.stdout.strip()


def test_migrations_end_at_the_schema_in_the_code(gradebook_file: Path) -> None:
    """The migrated tables are the declared ones, and HEAD names the last migration."""
    from alembic.autogenerate import compare_metadata
    from alembic.config import Config
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    Gradebook.open(str(gradebook_file)).close()
    config = Config()
    config.set_main_option("script_location", str(connection.MIGRATIONS))
    assert [HEAD] == ScriptDirectory.from_config(config).get_heads()
    engine = sa.create_engine(f"sqlite:///{gradebook_file}")
    with engine.connect() as database:
        assert [] == compare_metadata(MigrationContext.configure(database), METADATA)
    engine.dispose()
