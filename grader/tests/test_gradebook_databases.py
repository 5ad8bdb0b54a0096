"""The gradebook on SQLite and on a real PostgreSQL server: one writer, checks, equal results."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from grader.core.errors import GradebookError
from grader.gradebook import Gradebook, Suite
from grader.gradebook.backup import restore
from grader.gradebook.checkup import problems
from grader.gradebook.writer import SUFFIX, single_writer
from grader.tests.classroom import CLASS, ROOT, Command, hand_in, toy_course, untimed
from grader.tests.postgres import NewUrl
from grader.tests.records import begin, graded
from grader.tests.told import a_course


def test_both_databases_tell_the_same(tmp_path: Path, postgres_url: NewUrl) -> None:
    """Every method of the gradebook, and what the desk makes of it."""
    here, there = a_course(str(tmp_path / "gradebook.db")), a_course(postgres_url())
    assert [] == here["problems"]
    assert here["published"] is not None
    assert ["Ada", "bob"] == [each.student for each in here["course"]]
    assert here == there


def test_a_grade_is_read_back_as_it_was_recorded(gradebook_url: str) -> None:
    """Down to control characters, on either database."""
    with Gradebook.open(gradebook_url) as book:
        book.record(begin(book), graded("ad\udce4"))
        (read,) = book.results()
        assert ("ad\\udce4", graded().evidence) == (read.grade.student, read.evidence)
        assert [] == problems(book)


def test_a_grade_is_linked_by_the_suite_it_was_found_by(gradebook_url: str) -> None:
    """And by no other."""
    with Gradebook.open(gradebook_url) as book:
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


def test_a_second_writer_is_told_who_the_first_is(gradebook_url: str) -> None:
    """And may begin when that one has ended."""
    with Gradebook.open(gradebook_url) as book, Gradebook.open(gradebook_url) as other:
        with single_writer(book, "grader grade toy"):
            with pytest.raises(GradebookError) as caught, single_writer(other, "grader grade vgg"):
                pytest.fail("two writers at once")
            assert f"is being written by `grader grade toy`, process {os.getpid()} on " in str(caught.value)
            assert [] == other.runs()
        with single_writer(other, "grader grade vgg"):
            begin(other)
    assert not list(Path(gradebook_url).parent.glob(f"*{SUFFIX}"))


HOLD = """
import sys
from grader.gradebook import Gradebook
from grader.gradebook.writer import single_writer

with Gradebook.open(sys.argv[1]) as book, single_writer(book, "grader grade toy"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_writer_that_was_killed_holds_nothing(gradebook_url: str) -> None:
    """Its lock ends with its process, whatever it left on disk."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", HOLD, gradebook_url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        assert b"held\n" == process.stdout.readline()
        with Gradebook.open(gradebook_url) as book:
            with pytest.raises(GradebookError, match=f"process {process.pid} on"), single_writer(book, "me"):
                pass
            process.send_signal(signal.SIGKILL)
            process.wait()
            while True:  # PostgreSQL sees after a moment that its client is gone
                try:
                    with single_writer(book, "me"):
                        break
                except GradebookError as refused:
                    assert "://" in gradebook_url, refused


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
    for kind, gradebook_url in (("sqlite", "book.db"), ("postgresql", postgres_url())):
        at = ("--gradebook", gradebook_url)
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
            # When a person decided is the only thing that may differ.
            said[kind].append(re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "WHEN", ran.out.replace(kind, "KIND")))
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
