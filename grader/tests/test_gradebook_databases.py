"""The gradebook on SQLite and on a real PostgreSQL server: one writer, backups, checks, migrations, equal results."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from grader.autograde.desk import Desk
from grader.core.errors import GradebookError
from grader.core.grade import Results
from grader.core.late import LateRules
from grader.core.movement import movements
from grader.core.policy import Policy
from grader.core.verdict import Verdict
from grader.gradebook import Gradebook, Suite, connection, find_run
from grader.gradebook.backup import back_up, restore
from grader.gradebook.checkup import problems
from grader.gradebook.schema import HEAD, METADATA
from grader.gradebook.writer import SUFFIX, single_writer
from grader.tests import postgres
from grader.tests.classroom import CLASS, Command, hand_in, toy_course, untimed
from grader.tests.test_gradebook import begin, graded

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)

NewUrl = Callable[[], str]


@pytest.fixture(scope="session")
def server() -> Iterator[postgres.Server | str]:
    """A server, or why there is none."""
    try:
        running = postgres.Server()
    except postgres.Unavailable as reason:
        yield str(reason)
        return
    with running:
        yield running


@pytest.fixture
def postgres_url(server: postgres.Server | str) -> NewUrl:
    """Makes databases on it; skips where nothing is proven about PostgreSQL."""
    if isinstance(server, str):
        pytest.skip(f"not proven on PostgreSQL: {server}")
    return server.new_url


@pytest.fixture(params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> NewUrl:
    """Names, or makes, a new place for a gradebook on each kind of database."""
    if request.param == "postgresql":
        make: NewUrl = request.getfixturevalue("postgres_url")
        return make
    numbers = iter(range(100))
    return lambda: str(tmp_path / f"gradebook{next(numbers)}.db")


@pytest.fixture
def url(new_url: NewUrl) -> str:
    """One such place."""
    return new_url()


def a_course(url: str) -> dict[str, Any]:
    """A gradebook after a few weeks: two topics, a reuse, adjustments, a publication; what its reader is told of it."""
    policy = Policy(due={"toy": NOON}, late=LateRules(per_cent_a_day=10, tokens=1), drop_lowest=1)
    with Gradebook.open(url) as book:
        first = book.begin_run("toy", "s1", "e1", "full", b"parts")
        for name, verdict in (("bob", Verdict.PASSED), ("Ada", Verdict.FAILED), ("ünal", Verdict.SKIPPED)):
            book.record(first, graded(name, verdict=verdict), NOON.replace(day=8))
        book.finish_run(first)
        other = begin(book, topic="other")
        book.record(other, graded("Ada", score=3.0))
        book.finish_run(other)
        book.adjust("toy", "Ada", "add", 2.0, why="the idea")
        gone = book.adjust("toy", "Ada", "add", -1.0, why="a slip")
        book.revoke(gone, "it was mine")
        book.adjust("toy", "bob", comment="Well done")
        second = book.begin_run("toy", "s2", "e1", "full", b"other parts")
        known = book.known("toy", "s1", "e1", "full", b"parts")
        book.link(second, known["bob", "d1"], received={"bob": NOON}, suite=Suite("s1", b"parts"))
        book.record(second, graded("Ada", score=4.0), NOON.replace(day=6, hour=13))
        book.finish_run(second)
        desk = Desk(book, policy)
        run = find_run(book.runs(), "latest", "toy")
        book.publish(run.id, Results(run.topic, run.suite_digest, run.engine, desk.grades(run)))
        return told(desk)


def told(desk: Desk) -> dict[str, Any]:
    """All that a reader is told of a gradebook, but for when its rows were made."""
    book = desk.book
    runs = book.runs()
    return {
        "runs": [(run.id, run.topic, run.suite_digest, run.submissions, run.finished is None) for run in runs],
        "graded": {run.id: desk.graded(run) for run in runs},
        "grades": {run.id: desk.grades(run) for run in runs},
        "received": {run.id: book.received(run.id) for run in runs},
        "suites": book.suites("toy", "e1", "full"),
        "adjustments": [
            (each.id, each.student, each.words, each.why, each.comment, each.revoked is None, each.revoked_why)
            for each in book.adjustments(revoked=True)
        ],
        "publications": [(each.run, each.topic) for each in book.publications()],
        "published": book.published("toy"),
        "moved": movements(
            [each.grade for each in book.results(run=1)], [each.grade for each in book.results(run=runs[-1].id)]
        ),
        "course": desk.course(),
        "problems": problems(book),
    }


def test_both_databases_tell_the_same(tmp_path: Path, postgres_url: NewUrl) -> None:
    """Every method of the gradebook, and what the desk makes of it."""
    here, there = a_course(str(tmp_path / "gradebook.db")), a_course(postgres_url())
    assert [] == here["problems"]
    assert here["published"] is not None
    assert ["Ada", "bob"] == [each.student for each in here["course"]]
    assert here == there


def test_a_grade_is_read_back_as_it_was_recorded(url: str) -> None:
    """Down to control characters, on either database."""
    with Gradebook.open(url) as book:
        book.record(begin(book), graded("ad\udce4"))
        (read,) = book.results()
        assert ("ad\\udce4", graded().evidence) == (read.grade.student, read.evidence)
        assert [] == problems(book)


def test_a_grade_is_linked_by_the_suite_it_was_found_by(url: str) -> None:
    """And by no other."""
    with Gradebook.open(url) as book:
        book.record(book.begin_run("toy", "s1", "e1", "full", b"one"), graded(score=1.0))
        book.record(book.begin_run("toy", "s1", "e1", "full", b"two"), graded(score=2.0))
        assert [Suite("s1", b"two"), Suite("s1", b"one")] == book.suites("toy", "e1", "full")
        run = book.begin_run("toy", "s9", "e1", "full")
        (one,) = book.known("toy", "s1", "e1", "full", b"one").values()
        book.link(run, one, suite=Suite("s1", b"one"))
        assert [1.0] == [each.grade.score for each in book.results(run=run)]
        with pytest.raises(GradebookError, match="may reuse"):
            book.link(run, one, suite=Suite("s1", b"three"))
        with pytest.raises(GradebookError, match="may reuse"):
            book.link(run, one)


def test_a_second_writer_is_told_who_the_first_is(url: str) -> None:
    """And may begin when that one has ended."""
    with Gradebook.open(url) as book, Gradebook.open(url) as other:
        with single_writer(book, "grader grade toy"):
            with pytest.raises(GradebookError) as caught, single_writer(other, "grader grade vgg"):
                pytest.fail("two writers at once")
            assert f"is being written by `grader grade toy`, process {os.getpid()} on " in str(caught.value)
            assert [] == other.runs()
        with single_writer(other, "grader grade vgg"):
            begin(other)
    assert not list(Path(url).parent.glob(f"*{SUFFIX}"))


HOLD = """
import sys
from grader.gradebook import Gradebook
from grader.gradebook.writer import single_writer

with Gradebook.open(sys.argv[1]) as book, single_writer(book, "grader grade toy"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_writer_that_was_killed_holds_nothing(url: str) -> None:
    """Its lock ends with its process, whatever it left on disk."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", HOLD, url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        assert b"held\n" == process.stdout.readline()
        with Gradebook.open(url) as book:
            with pytest.raises(GradebookError, match=f"process {process.pid} on"), single_writer(book, "me"):
                pass
            process.send_signal(signal.SIGKILL)
            process.wait()
            while True:  # PostgreSQL sees after a moment that its client is gone
                try:
                    with single_writer(book, "me"):
                        break
                except GradebookError as refused:
                    assert "://" in url, refused


def test_a_backup_holds_everything(new_url: NewUrl, tmp_path: Path) -> None:
    """Restored, the gradebook tells what it told, and goes on counting where it stopped."""
    url, other = new_url(), new_url()
    before = a_course(url)
    backup = tmp_path / "backup.db"
    with Gradebook.open(url) as book:
        rows = back_up(book, backup)
    content = backup.read_bytes()
    assert rows == restore(backup, other)
    assert content == backup.read_bytes()
    policy = Policy(due={"toy": NOON}, late=LateRules(per_cent_a_day=10, tokens=1), drop_lowest=1)
    with Gradebook.open(other) as book:
        assert before == told(Desk(book, policy))
        assert 4 == begin(book)
        assert 5 == book.adjust("toy", "Ada", comment="later")
    assert [backup.name] == [path.name for path in tmp_path.iterdir() if "backup" in path.name]


def test_a_backup_moves_a_course_to_another_database(tmp_path: Path, postgres_url: NewUrl) -> None:
    """From a file to a server and back."""
    before = a_course(str(tmp_path / "one.db"))
    server = postgres_url()
    with Gradebook.open(str(tmp_path / "one.db")) as book:
        back_up(book, tmp_path / "backup.db")
    restore(tmp_path / "backup.db", server)
    with Gradebook.open(server) as book:
        back_up(book, tmp_path / "back.db")
    restore(tmp_path / "back.db", str(tmp_path / "two.db"))
    policy = Policy(due={"toy": NOON}, late=LateRules(per_cent_a_day=10, tokens=1), drop_lowest=1)
    with Gradebook.open(str(tmp_path / "two.db")) as book:
        assert before == told(Desk(book, policy))


def test_nothing_is_overwritten(new_url: NewUrl, tmp_path: Path) -> None:
    """Neither a file by a backup nor a gradebook by a restore."""
    url = new_url()
    a_course(url)
    backup = tmp_path / "backup.db"
    with Gradebook.open(url) as book:
        back_up(book, backup)
        with pytest.raises(GradebookError, match="a backup overwrites nothing"):
            back_up(book, backup)
    with pytest.raises(GradebookError, match="is not empty: move it away"):
        restore(backup, url)
    with pytest.raises(GradebookError, match="there is no backup"):
        restore(tmp_path / "nowhere.db", url)


def test_what_sqlite_left_beside_a_file_is_never_mixed_with_another(tmp_path: Path) -> None:
    """A killed run's log belongs to its own file: neither is such a file a backup, nor is one put beside such a log."""
    path, backup = tmp_path / "gradebook.db", tmp_path / "backup.db"
    with Gradebook.open(str(path)) as book:
        begin(book)
        back_up(book, backup)
        assert (tmp_path / "gradebook.db-wal").stat().st_size
        with pytest.raises(GradebookError, match="so it is no backup"):
            restore(path, str(tmp_path / "new.db"))
    (tmp_path / "other.db-wal").write_bytes(b"rows")
    with pytest.raises(GradebookError, match="other.db-wal belongs to a gradebook that was here"):
        restore(backup, str(tmp_path / "other.db"))
    assert not (tmp_path / "other.db").exists()


RECORD_FOR_EVER = """
import sys
from grader.gradebook import Gradebook
from grader.gradebook.writer import single_writer
from grader.tests.test_gradebook import begin, graded

with Gradebook.open(sys.argv[1]) as book, single_writer(book, "grader grade toy"):
    run = begin(book)
    for number in range(1_000_000):
        book.record(run, graded(f"student-{number:07}"))
        print(number, flush=True)
"""


def test_a_killed_run_is_backed_up_and_goes_on_where_it_is_restored(new_url: NewUrl, tmp_path: Path) -> None:
    """A backup during the run holds a moment of it; one after the kill all that was reported as recorded."""
    url, other = new_url(), new_url()
    during, after = tmp_path / "during.db", tmp_path / "after.db"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", RECORD_FOR_EVER, url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        for _ in range(30):
            assert process.stdout.readline()
        with Gradebook.open(url) as book:
            back_up(book, during)
        process.send_signal(signal.SIGKILL)
        reported = 30 + len(process.stdout.read().split())
    with Gradebook.open(url) as book:
        back_up(book, after)
    restore(after, other)
    with Gradebook.open(str(during)) as book:
        assert [] == problems(book)
        assert 30 <= len(book.results()) <= reported
    with Gradebook.open(other) as book:
        assert [] == problems(book)
        stored = book.results()
        assert reported <= len(stored) <= reported + 1
        assert [None] == [run.finished for run in book.runs()]
        again = begin(book)
        book.link(again, *book.known("toy", "s1", "e1", "full").values())
        assert stored == book.results(run=again)


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE grades SET grade = x'7b00ff' WHERE id = 1", "grade 1 of bob can't be read"),
        ("UPDATE grades SET score = 9 WHERE id = 2", "grade 2 of Ada says something else than its columns"),
        ("UPDATE checks SET verdict = 'PASSED' WHERE grade_id = 2", "the checks of grade 2 of Ada are not those"),
        ("DELETE FROM checks WHERE grade_id = 3", "the checks of grade 3 of ünal are not those"),
        ("UPDATE entries SET student = 'eve' WHERE id = 1", "gives eve in run 1 a grade of another student"),
        ("UPDATE publications SET results = x'00'", "publication 1 can't be read"),
        ("DELETE FROM runs WHERE id = 2", "belongs to a row of runs that is not there"),
    ],
)
def test_the_check_finds_what_does_not_agree(tmp_path: Path, statement: str, problem: str) -> None:
    """Each row against what else says the same; such a backup is not restored."""
    path = tmp_path / "gradebook.db"
    a_course(str(path))
    database = sqlite3.connect(path)
    with database:
        database.execute(statement)
    database.close()
    with Gradebook.open(str(path)) as book:
        found = problems(book)
    assert any(problem in each for each in found), found
    with pytest.raises(GradebookError, match="is damaged"):
        restore(path, str(tmp_path / "new.db"))
    assert not (tmp_path / "new.db").exists()


def test_the_check_finds_a_damaged_page(tmp_path: Path) -> None:
    """Bytes in the middle of the file, which no query may happen to read."""
    path = tmp_path / "gradebook.db"
    with Gradebook.open(str(path)) as book:
        run = begin(book)
        for number in range(60):
            book.record(run, graded(f"student-{number}"))
    content = bytearray(path.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 4096] = b"\xff" * 4096
    path.write_bytes(content)
    with Gradebook.open(str(path)) as book:
        assert problems(book)


def made_by(revision: str, url: str) -> None:
    """A gradebook as the release with schema ``revision`` left it, with one grade in it."""
    from alembic import command
    from alembic.config import Config

    engine, _ = connection.connect(url)
    engine.dispose()
    config = Config()
    config.set_main_option("script_location", str(connection.MIGRATIONS).replace("%", "%%"))
    engine = sa.create_engine(connection._url(url))
    with engine.begin() as database:
        METADATA.drop_all(database)
        database.execute(sa.text("DROP TABLE alembic_version"))
        config.attributes["connection"] = database
        command.upgrade(config, revision)
        tables = sa.MetaData()
        tables.reflect(database)
        one = graded()
        values: dict[str, dict[str, Any]] = {
            "runs": {"topic": "toy", "suite_digest": "s1", "engine": "e1", "sandbox": "full"},
            "grades": {
                "id": 1,
                "run_id": 1,
                "student": "ada",
                "digest": "d1",
                "gradable": True,
                "score": 5.0,
                "max_score": 10.0,
                "seconds": 0.25,
                "reusable": True,
            },
            "entries": {"run_id": 1, "grade_id": 1, "student": "ada", "file": "toy.py"},
        }
        values["runs"]["started"] = values["grades"]["recorded"] = datetime(2026, 9, 1)
        values["grades"]["grade"] = connection_json(one.grade)
        values["grades"]["evidence"] = connection_json(one.evidence)
        for table, row in values.items():
            database.execute(sa.insert(tables.tables[table]), row)
        for position, check in enumerate(one.grade.checks):
            row = {"grade_id": 1, "position": position, "check_id": check.id, "task": check.task}
            row |= {"verdict": check.verdict.value, "points": check.points, "max_points": check.max_points}
            database.execute(sa.insert(tables.tables["checks"]), {**row, "visibility": check.visibility})
    engine.dispose()


def connection_json(value: Any) -> bytes:
    """A value as the first release wrote it."""
    import msgspec

    return msgspec.json.encode(value)


def revisions() -> list[str]:
    """Every schema before today's."""
    names = sorted((connection.MIGRATIONS / "versions").glob("v*.py"))
    return [found[1] for path in names if (found := re.match(r"v(\d+)_", path.name)) and found[1] < HEAD]


@pytest.mark.parametrize("revision", revisions())
def test_a_gradebook_of_every_earlier_schema_is_read_and_goes_on(url: str, revision: str) -> None:
    """Its grades are there, may be reused, adjusted and published, and the schema is today's."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    made_by(revision, url)
    with Gradebook.open(url) as book:
        assert [graded()] == book.results()
        assert [] == problems(book)
        assert {} == book.received(1)
        assert [Suite("s1")] == book.suites("toy", "e1", "full")
        book.link(1, *book.known("toy", "s1", "e1", "full").values())
        book.adjust("toy", "ada", "add", 1.0, why="x")
        book.publish(1, Results("toy", "s1", "e1", ()))
        with book.engine.connect() as database:
            assert [] == compare_metadata(MigrationContext.configure(database), METADATA)


def test_a_server_that_is_not_there_is_one_sentence(tmp_path: Path, postgres_url: NewUrl) -> None:
    """And repeats no password."""
    with pytest.raises(GradebookError, match="can't be reached: is its server running") as caught:
        Gradebook.open(f"postgresql://stride:secret@/gradebook?host={tmp_path}")
    assert "secret" not in str(caught.value)


def test_the_commands_do_the_same_on_both(tmp_path: Path, postgres_url: NewUrl, grader: Command) -> None:
    """grade, adjust, diff, publish, report, grades, gradebook: the same words and files."""
    toy_course(tmp_path)
    hand_in(tmp_path / "class", {name: CLASS[name] for name in ("ada.py", "cyd/toy.py", "dan.py")})
    said: dict[str, list[str]] = {}
    files: dict[str, list[Any]] = {}
    for kind, url in (("sqlite", "book.db"), ("postgresql", postgres_url())):
        at = ("--gradebook", url)
        commands: list[tuple[str, ...]] = [
            ("grade", "toy", "class", "--sandbox", "none", "--jobs", "1", "--out", kind, *at),
            ("adjust", "cyd", "toy", "double", "+3", "--why", "the idea", *at),
            ("grade", "toy", "class", "--sandbox", "none", "--jobs", "1", "--out", kind, *at),
            ("diff", "--format", "json", *at),
            ("publish", "previous", "--out", kind, *at),
            ("grades", "--format", "json", *at),
            ("report", "--out", kind, *at),
            ("gradebook", "check", *at),
            ("gradebook", "backup", f"{kind}.backup", *at),
            ("gradebook", "restore", f"{kind}.backup", "--gradebook", f"{kind}.restored"),
        ]
        said[kind] = []
        for command in commands:
            ran = grader(tmp_path, *command)
            assert ran.code == 0, (command, ran.err)
            said[kind].append(ran.out.replace(kind, "KIND"))
        files[kind] = [
            untimed(tmp_path / kind / "results.json"),
            untimed(tmp_path / kind / "published/toy/results.json"),
        ]
        files[kind].append((tmp_path / kind / "feedback" / "cyd.txt").read_text(encoding="utf-8"))
    assert json.loads(said["sqlite"][3])["movements"] == []
    assert "sound\n" == said["sqlite"][7]
    assert "Final score: 23 of 30" in files["sqlite"][2]
    assert said["sqlite"] == said["postgresql"]
    assert files["sqlite"] == files["postgresql"]
