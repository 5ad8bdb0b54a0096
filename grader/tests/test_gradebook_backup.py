"""Backups of a gradebook: they hold everything, move it, overwrite nothing, and a killed run goes on from one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from grader.autograde.desk import Desk
from grader.core.errors import GradebookError
from grader.core.late import LateRules
from grader.core.policy import Policy
from grader.gradebook import Gradebook
from grader.gradebook.backup import back_up, restore
from grader.gradebook.checkup import problems
from grader.tests.classroom import ROOT
from grader.tests.postgres import NewUrl
from grader.tests.records import begin
from grader.tests.told import NOON, a_course, told


def test_a_backup_holds_everything(new_gradebook_url: NewUrl, tmp_path: Path) -> None:
    """Restored, the gradebook tells what it told, and goes on counting where it stopped."""
    gradebook_url, other = new_gradebook_url(), new_gradebook_url()
    before = a_course(gradebook_url)
    backup = tmp_path / "backup.db"
    with Gradebook.open(gradebook_url) as book:
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
    postgres_server = postgres_url()
    with Gradebook.open(str(tmp_path / "one.db")) as book:
        back_up(book, tmp_path / "backup.db")
    restore(tmp_path / "backup.db", postgres_server)
    with Gradebook.open(postgres_server) as book:
        back_up(book, tmp_path / "back.db")
    restore(tmp_path / "back.db", str(tmp_path / "two.db"))
    policy = Policy(due={"toy": NOON}, late=LateRules(per_cent_a_day=10, tokens=1), drop_lowest=1)
    with Gradebook.open(str(tmp_path / "two.db")) as book:
        assert before == told(Desk(book, policy))


def test_nothing_is_overwritten(new_gradebook_url: NewUrl, tmp_path: Path) -> None:
    """Neither a file by a backup nor a gradebook by a restore."""
    gradebook_url = new_gradebook_url()
    a_course(gradebook_url)
    backup = tmp_path / "backup.db"
    with Gradebook.open(gradebook_url) as book:
        back_up(book, backup)
        with pytest.raises(GradebookError, match="a backup overwrites nothing"):
            back_up(book, backup)
    with pytest.raises(GradebookError, match="is not empty: move it away"):
        restore(backup, gradebook_url)
    with pytest.raises(GradebookError, match="there is no backup"):
        restore(tmp_path / "nowhere.db", gradebook_url)


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
from grader.tests.records import begin, graded

with Gradebook.open(sys.argv[1]) as book, single_writer(book, "grader grade toy"):
    run = begin(book)
    for number in range(1_000_000):
        book.record(run, graded(f"student-{number:07}"))
        print(number, flush=True)
"""


def test_a_killed_run_is_backed_up_and_goes_on_where_it_is_restored(new_gradebook_url: NewUrl, tmp_path: Path) -> None:
    """A backup during the run holds a moment of it; one after the kill all that was reported as recorded."""
    gradebook_url, other = new_gradebook_url(), new_gradebook_url()
    during, after = tmp_path / "during.db", tmp_path / "after.db"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", RECORD_FOR_EVER, gradebook_url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        for _ in range(30):
            assert process.stdout.readline()
        with Gradebook.open(gradebook_url) as book:
            back_up(book, during)
        process.send_signal(signal.SIGKILL)
        reported = 30 + len(process.stdout.read().split())
    with Gradebook.open(gradebook_url) as book:
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
