"""The gradebook: what is recorded stays, what is known is not computed again, and each fault is one sentence."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from grader.core.errors import GradebookError
from grader.core.grade import CheckGrade, Evidence, Grade, Graded, Mistake, Outcome, TaskGrade
from grader.core.verdict import Verdict
from grader.gradebook import Gradebook, connection
from grader.gradebook.schema import HEAD, METADATA


def graded(
    student: str = "ada", *, digest: str = "d1", score: float = 5.0, verdict: Verdict = Verdict.FAILED
) -> Graded:
    """A grade of two checks, one passed and one with ``verdict``, and its evidence."""
    checks = (
        CheckGrade("test_sum", "add", "Adds", Verdict.PASSED, score, 5.0, "public"),
        CheckGrade("test_negative", "add", "Adds below zero", verdict, 0.0, 5.0, "hidden", "wrong"),
    )
    grade = Grade(
        student=student,
        file="toy.py",
        digest=digest,
        gradable=True,
        score=score,
        max_score=10.0,
        seconds=0.25,
        mistakes=(Mistake("sign-lost", "Mind the sign.", "1 of 1"),),
        flags=("late import",),
        tasks=(TaskGrade("add", score, 10.0),),
        checks=checks,
    )
    outcome = Outcome(check="test_negative", verdict=verdict, detail="a\x00b \N{BROCCOLI}", line=3, seconds=0.125)
    return Graded(grade, Evidence((outcome,), output="hello\x1b[31m", notes=("cell 2 skipped",)))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a test's gradebook lies."""
    return tmp_path / "gradebook.db"


def begin(book: Gradebook, topic: str = "toy", suite: str = "s1", engine: str = "e1", sandbox: str = "full") -> int:
    """A run of the toy topic."""
    return book.begin_run(topic, suite, engine, sandbox)


def count(path: Path, table: str) -> int:
    """How many rows another process would see in ``table``."""
    with sqlite3.connect(path) as database:
        return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_a_grade_is_read_back_as_it_was_recorded(path: Path) -> None:
    """Grade and evidence survive closing and opening again, down to control characters."""
    with Gradebook.open(str(path)) as book:
        run = begin(book)
        book.record(run, graded())
        book.finish_run(run)
    with Gradebook.open(str(path)) as book:
        assert [graded()] == book.results()


def test_results_come_in_the_order_of_names(path: Path) -> None:
    """Whatever the order of recording."""
    with Gradebook.open(str(path)) as book:
        run = begin(book)
        for name in ("zoe", "Ada", "björn", "ada"):
            book.record(run, graded(name))
        assert ["Ada", "ada", "björn", "zoe"] == [each.grade.student for each in book.results()]


def test_the_later_grade_of_a_student_is_read_and_the_earlier_kept(path: Path) -> None:
    """History is never overwritten."""
    with Gradebook.open(str(path)) as book:
        run = begin(book)
        book.record(run, graded(score=1.0))
        book.record(run, graded(score=2.0))
        assert [2.0] == [each.grade.score for each in book.results()]
        assert 1 == book.runs()[0].submissions
    assert 2 == count(path, "grades")


def test_results_of_a_run_or_of_the_latest(path: Path) -> None:
    """Named by its id, by its topic, or the very last."""
    with Gradebook.open(str(path)) as book:
        first = begin(book)
        book.record(first, graded(score=1.0))
        second = begin(book)
        book.record(second, graded(score=2.0))
        other = begin(book, topic="other")
        book.record(other, graded(score=3.0))

        def scores(**which: Any) -> list[float]:
            return [each.grade.score for each in book.results(**which)]

        assert [1.0] == scores(run=first)
        assert [2.0] == scores(topic="toy")
        assert [3.0] == scores()
        assert [] == scores(topic="toy", run=99)
        assert [] == scores(topic="unheard")


def test_runs_and_topics_are_listed(path: Path) -> None:
    """A run that was not finished says so."""
    with Gradebook.open(str(path)) as book:
        assert [] == book.runs()
        assert [] == book.results()
        first, _ = begin(book), begin(book, topic="other", sandbox="landlock")
        book.record(first, graded("ada"))
        book.record(first, graded("bob"))
        book.finish_run(first)
        done, under_way = book.runs()
        assert (first, "toy", "s1", "e1", "full", 2) == (
            *(done.id, done.topic, done.suite_digest, done.engine, done.sandbox),
            done.submissions,
        )
        assert done.finished is not None and done.started <= done.finished
        assert ("other", "landlock", None, 0) == (
            *(under_way.topic, under_way.sandbox, under_way.finished),
            under_way.submissions,
        )
        assert ["other", "toy"] == book.topics()


def test_checks_are_rows_for_statistics(path: Path) -> None:
    """Each check of a grade is a row with its verdict and points."""
    with Gradebook.open(str(path)) as book:
        book.record(begin(book), graded())
    with sqlite3.connect(path) as database:
        rows = database.execute("SELECT check_id, task, verdict, points, max_points, visibility FROM checks").fetchall()
    assert [
        ("test_sum", "add", "PASSED", 5.0, 5.0, "public"),
        ("test_negative", "add", "FAILED", 0.0, 5.0, "hidden"),
    ] == rows


def test_a_grade_is_found_by_student_bytes_suite_engine_and_sandbox(path: Path) -> None:
    """All six must agree."""
    with Gradebook.open(str(path)) as book:
        book.record(begin(book), graded())
        right = {
            "topic": "toy",
            "student": "ada",
            "digest": "d1",
            "suite_digest": "s1",
            "engine": "e1",
            "sandbox": "full",
        }
        assert graded() == book.find(**right)
        for key in right:
            assert book.find(**{**right, key: "another"}) is None
        assert {("ada", "d1"): graded()} == book.known("toy", "s1", "e1", "full")
        assert {} == book.known("toy", "s1", "e2", "full")


def test_the_last_of_several_grades_is_found(path: Path) -> None:
    """A submission that was graded by force twice."""
    with Gradebook.open(str(path)) as book:
        book.record(begin(book), graded(score=1.0))
        book.record(begin(book), graded(score=2.0))
        found = book.find("toy", "ada", "d1", "s1", "e1", "full")
        assert graded(score=2.0) == found
        assert [found] == list(book.known("toy", "s1", "e1", "full").values())


@pytest.mark.parametrize("where", ["check", "evidence"])
def test_what_the_grader_broke_on_is_never_reused(path: Path, where: str) -> None:
    """Such a grade is kept and shown, but computed again the next time."""
    broken = graded(verdict=Verdict.INTERNAL_ERROR)
    if where == "evidence":
        broken = msgspec.structs.replace(broken, grade=msgspec.structs.replace(broken.grade, checks=()))
    with Gradebook.open(str(path)) as book:
        book.record(begin(book), broken)
        assert [broken] == book.results()
        assert book.find("toy", "ada", "d1", "s1", "e1", "full") is None
        assert {} == book.known("toy", "s1", "e1", "full")
        with pytest.raises(GradebookError, match="no grade of 'ada' that run 2 may reuse"):
            book.link(begin(book), broken)


def test_a_reused_grade_becomes_part_of_the_new_run(path: Path) -> None:
    """Without a second copy of it, and under the name its file has now."""
    with Gradebook.open(str(path)) as book:
        first = begin(book)
        for name in ("ada", "bob"):
            book.record(first, graded(name))
        second = begin(book)
        known = book.known("toy", "s1", "e1", "full")
        renamed = [
            msgspec.structs.replace(each, grade=msgspec.structs.replace(each.grade, file="new.py"))
            for each in known.values()
        ]
        book.link(second, *renamed)
        book.link(second)
        assert renamed == book.results(run=second)
        assert [graded("ada"), graded("bob")] == book.results(run=first)
    assert 2 == count(path, "grades")


def test_a_grade_of_another_suite_is_not_linked(path: Path) -> None:
    """And nothing of the same call is."""
    with Gradebook.open(str(path)) as book:
        book.record(begin(book, suite="old"), graded("bob"))
        book.record(begin(book), graded("ada"))
        with pytest.raises(GradebookError, match="'bob'"):
            book.link(begin(book), graded("ada"), graded("bob"))
        assert [] == book.results()


def test_an_unknown_run_is_refused(path: Path) -> None:
    """Foreign keys are enforced."""
    with Gradebook.open(str(path)) as book, pytest.raises(GradebookError, match="no such run"):
        book.record(7, graded())


def test_names_that_are_not_utf8_are_recorded(path: Path) -> None:
    """A file name's stray byte arrives as a lone surrogate, and is written as an escape."""
    odd = graded("ad\udce4", digest="d2")
    odd = msgspec.structs.replace(odd, grade=msgspec.structs.replace(odd.grade, file="b\udcff.py"))
    with Gradebook.open(str(path)) as book:
        book.record(begin(book), odd)
        found = book.find("toy", "ad\udce4", "d2", "s1", "e1", "full")
        assert found is not None
        assert ("ad\\udce4", "b\\udcff.py") == (found.grade.student, found.grade.file)
        assert found.evidence == odd.evidence
        assert [found] == book.results()
        book.link(begin(book), odd)


def test_one_transaction_a_submission(path: Path) -> None:
    """Each record commits exactly once."""
    commits: list[sa.Connection] = []

    def seen(database: sa.Connection) -> None:
        commits.append(database)

    with Gradebook.open(str(path)) as book:
        run = begin(book)
        sa.event.listen(sa.Engine, "commit", seen)
        try:
            for number in range(1, 4):
                book.record(run, graded(f"student-{number}"))
                assert number == len(commits) == count(path, "entries")
        finally:
            sa.event.remove(sa.Engine, "commit", seen)


def test_a_record_is_stored_whole_or_not_at_all(path: Path) -> None:
    """A fault in the last statement leaves no half of a grade."""
    with Gradebook.open(str(path)) as book:
        run = begin(book)
        with sqlite3.connect(path) as database:
            database.execute("CREATE TRIGGER t BEFORE INSERT ON checks BEGIN SELECT RAISE(ROLLBACK, 'no room'); END")
        with pytest.raises(GradebookError, match="no room"):
            book.record(run, graded())
    assert [0, 0, 0] == [count(path, table) for table in ("grades", "entries", "checks")]


RECORD_FOR_EVER = """
import sys
from grader.gradebook import Gradebook
from grader.tests.test_gradebook import begin, graded

with Gradebook.open(sys.argv[1]) as book:
    run = begin(book)
    for number in range(1_000_000):
        book.record(run, graded(f"student-{number:07}"))
        print(number, flush=True)
"""


def test_what_was_reported_as_recorded_survives_a_kill(path: Path) -> None:
    """A process that is killed in the middle of recording loses nothing that ``record`` had returned from."""
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", RECORD_FOR_EVER, str(path)],
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
    with Gradebook.open(str(path)) as book:
        stored = book.results()
        assert reported <= len(stored) <= reported + 1
        assert [graded(f"student-{number:07}") for number in range(len(stored))] == stored
        assert 2 * len(stored) == count(path, "checks")
        assert book.runs()[0].finished is None
        rerun = begin(book)
        book.link(rerun, *book.known("toy", "s1", "e1", "full").values())
        assert stored == book.results(run=rerun)
    with sqlite3.connect(path) as database:
        assert [("ok",)] == database.execute("PRAGMA integrity_check").fetchall()


@pytest.mark.parametrize("content", [b"this is no database, but it is long enough to be one" * 90, b"PK\x03\x04"])
def test_a_corrupt_file_is_one_sentence(path: Path, content: bytes) -> None:
    """And the file is left as it was."""
    path.write_bytes(content)
    with pytest.raises(GradebookError, match="is damaged, or no gradebook: restore a backup"):
        Gradebook.open(str(path))
    assert content == path.read_bytes()


def test_a_damaged_grade_is_one_sentence(path: Path) -> None:
    """Bytes that are no grade."""
    with Gradebook.open(str(path)) as book:
        book.record(begin(book), graded())
        with sqlite3.connect(path) as database:
            database.execute("UPDATE grades SET grade = x'7b00ff'")
        with pytest.raises(GradebookError, match="is damaged: a grade can't be read"):
            book.results()


def test_another_database_is_refused(path: Path) -> None:
    """A SQLite file that some other program made is not written to."""
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE tunes (name TEXT)")
    with pytest.raises(GradebookError, match="is no gradebook: it holds other tables"):
        Gradebook.open(str(path))
    with sqlite3.connect(path) as database:
        assert [("tunes",)] == database.execute("SELECT name FROM sqlite_master").fetchall()


def test_a_locked_gradebook_is_one_sentence(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While another process writes, reading goes on and writing says why it can't."""
    monkeypatch.setattr(connection, "BUSY_MS", 20)
    Gradebook.open(str(path)).close()
    other = sqlite3.connect(path, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        with Gradebook.open(str(path)) as book:
            assert [] == book.runs()
            with pytest.raises(GradebookError, match="is in use by another process"):
                begin(book)
    finally:
        other.close()


def test_a_locked_new_gradebook_is_one_sentence(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process is making it at this moment."""
    monkeypatch.setattr(connection, "BUSY_MS", 20)
    other = sqlite3.connect(path, isolation_level=None)
    try:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(GradebookError, match="is in use by another process"):
            Gradebook.open(str(path))
    finally:
        other.close()


def test_a_gradebook_that_was_not_finished_is_made_again(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A migration that is cut off leaves nothing behind."""
    migrate = connection._migrate

    def cut_off(database: sa.Connection) -> None:
        migrate(database)
        raise KeyboardInterrupt

    monkeypatch.setattr(connection, "_migrate", cut_off)
    with pytest.raises(KeyboardInterrupt):
        Gradebook.open(str(path))
    assert 0 == count(path, "sqlite_master")
    monkeypatch.undo()
    with Gradebook.open(str(path)) as book:
        assert [] == book.runs()


def test_a_newer_schema_is_one_sentence(path: Path) -> None:
    """A gradebook that a later release has migrated is not touched."""
    Gradebook.open(str(path)).close()
    with sqlite3.connect(path) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(GradebookError, match="newer release: upgrade this one"):
        Gradebook.open(str(path))


def test_a_missing_folder_and_a_folder_are_one_sentence(path: Path) -> None:
    """Nothing is made in their place."""
    with pytest.raises(GradebookError, match=r"there is no folder .*nowhere"):
        Gradebook.open(str(path / "nowhere" / "gradebook.db"))
    with pytest.raises(GradebookError, match="is a folder: name a file in it"):
        Gradebook.open(str(path.parent))


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


def test_a_url_and_a_path_open_the_same_file(path: Path) -> None:
    """``sqlite:///FILE``, also where the path holds a per cent sign."""
    odd = path.with_name("50% done.db")
    with Gradebook.open(str(odd)) as book:
        begin(book)
    with Gradebook.open(f"sqlite:///{odd}") as book:
        assert ["toy"] == book.topics()


def test_sqlite_is_set_for_one_writer_and_many_readers(path: Path) -> None:
    """WAL is a property of the file, so any reader sees it."""
    Gradebook.open(str(path)).close()
    with sqlite3.connect(path) as database:
        assert ("wal",) == database.execute("PRAGMA journal_mode").fetchone()


def test_opening_a_current_gradebook_needs_no_migration_tool(path: Path) -> None:
    """Alembic costs more to import than opening may take."""
    Gradebook.open(str(path)).close()
    code = "import sys, grader.gradebook as g; g.Gradebook.open(sys.argv[1]); print('alembic' in sys.modules)"
    root = Path(__file__).parents[2]
    run = subprocess.run([sys.executable, "-c", code, str(path)], cwd=root, capture_output=True, text=True, check=True)
    assert "False" == run.stdout.strip()


def test_migrations_end_at_the_schema_in_the_code(path: Path) -> None:
    """The migrated tables are the declared ones, and HEAD names the last migration."""
    from alembic.autogenerate import compare_metadata
    from alembic.config import Config
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    Gradebook.open(str(path)).close()
    config = Config()
    config.set_main_option("script_location", str(connection.MIGRATIONS))
    assert [HEAD] == ScriptDirectory.from_config(config).get_heads()
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.connect() as database:
        assert [] == compare_metadata(MigrationContext.configure(database), METADATA)
    engine.dispose()
