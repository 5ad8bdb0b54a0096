"""The gradebook: what is recorded stays, and what is known is not computed again."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from grader.core.errors import GradebookError
from grader.core.verdict import Verdict
from grader.gradebook import Gradebook
from grader.tests.records import begin, count, graded


def test_a_grade_is_read_back_as_it_was_recorded(gradebook_file: Path) -> None:
    """Grade and evidence survive closing and opening again, down to control characters."""
    with Gradebook.open(str(gradebook_file)) as book:
        run = begin(book)
        book.record(run, graded())
        book.finish_run(run)
    with Gradebook.open(str(gradebook_file)) as book:
        assert [graded()] == book.results()


def test_results_come_in_the_order_of_names(gradebook_file: Path) -> None:
    """Whatever the order of recording."""
    with Gradebook.open(str(gradebook_file)) as book:
        run = begin(book)
        for name in ("zoe", "Ada", "björn", "ada"):
            book.record(run, graded(name))
        assert ["Ada", "ada", "björn", "zoe"] == [each.grade.student for each in book.results()]


def test_the_later_grade_of_a_student_is_read_and_the_earlier_kept(gradebook_file: Path) -> None:
    """History is never overwritten."""
    with Gradebook.open(str(gradebook_file)) as book:
        run = begin(book)
        book.record(run, graded(score=1.0))
        book.record(run, graded(score=2.0))
        assert [2.0] == [each.grade.score for each in book.results()]
        assert 1 == book.runs()[0].submissions
    assert 2 == count(gradebook_file, "grades")


def test_results_of_a_run_or_of_the_latest(gradebook_file: Path) -> None:
    """Named by its id, by its topic, or the very last."""
    with Gradebook.open(str(gradebook_file)) as book:
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


def test_runs_and_topics_are_listed(gradebook_file: Path) -> None:
    """A run that was not finished says so."""
    with Gradebook.open(str(gradebook_file)) as book:
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


def test_checks_are_rows_for_statistics(gradebook_file: Path) -> None:
    """Each check of a grade is a row with its verdict and points."""
    with Gradebook.open(str(gradebook_file)) as book:
        book.record(begin(book), graded())
    with sqlite3.connect(gradebook_file) as database:
        rows = database.execute("SELECT check_id, task, verdict, points, max_points, visibility FROM checks").fetchall()
    assert [
        ("test_sum", "add", "PASSED", 5.0, 5.0, "public"),
        ("test_negative", "add", "FAILED", 0.0, 5.0, "hidden"),
    ] == rows


def test_a_grade_is_found_by_student_bytes_suite_engine_and_sandbox(gradebook_file: Path) -> None:
    """All six must agree."""
    with Gradebook.open(str(gradebook_file)) as book:
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


def test_the_last_of_several_grades_is_found(gradebook_file: Path) -> None:
    """A submission that was graded by force twice."""
    with Gradebook.open(str(gradebook_file)) as book:
        book.record(begin(book), graded(score=1.0))
        book.record(begin(book), graded(score=2.0))
        found = book.find("toy", "ada", "d1", "s1", "e1", "full")
        assert graded(score=2.0) == found
        assert [found] == list(book.known("toy", "s1", "e1", "full").values())


@pytest.mark.parametrize("where", ["check", "evidence"])
def test_what_the_grader_broke_on_is_never_reused(gradebook_file: Path, where: str) -> None:
    """Such a grade is kept and shown, but computed again the next time."""
    broken = graded(verdict=Verdict.INTERNAL_ERROR)
    if where == "evidence":
        broken = msgspec.structs.replace(broken, grade=msgspec.structs.replace(broken.grade, checks=()))
    with Gradebook.open(str(gradebook_file)) as book:
        book.record(begin(book), broken)
        assert [broken] == book.results()
        assert book.find("toy", "ada", "d1", "s1", "e1", "full") is None
        assert {} == book.known("toy", "s1", "e1", "full")
        with pytest.raises(GradebookError, match="no grade of 'ada' that run 2 may reuse"):
            book.link(begin(book), broken)


def test_a_reused_grade_becomes_part_of_the_new_run(gradebook_file: Path) -> None:
    """Without a second copy of it, and under the name its file has now."""
    with Gradebook.open(str(gradebook_file)) as book:
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
    assert 2 == count(gradebook_file, "grades")


def test_a_grade_of_another_suite_is_not_linked(gradebook_file: Path) -> None:
    """And nothing of the same call is."""
    with Gradebook.open(str(gradebook_file)) as book:
        book.record(begin(book, suite="old"), graded("bob"))
        book.record(begin(book), graded("ada"))
        with pytest.raises(GradebookError, match="'bob'"):
            book.link(begin(book), graded("ada"), graded("bob"))
        assert [] == book.results()


def test_an_unknown_run_is_refused(gradebook_file: Path) -> None:
    """Foreign keys are enforced."""
    with Gradebook.open(str(gradebook_file)) as book, pytest.raises(GradebookError, match="no such run"):
        book.record(7, graded())


def test_names_that_are_not_utf8_are_recorded(gradebook_file: Path) -> None:
    """A file name's stray byte arrives as a lone surrogate, and is written as an escape."""
    odd = graded("ad\udce4", digest="d2")
    odd = msgspec.structs.replace(odd, grade=msgspec.structs.replace(odd.grade, file="b\udcff.py"))
    with Gradebook.open(str(gradebook_file)) as book:
        book.record(begin(book), odd)
        found = book.find("toy", "ad\udce4", "d2", "s1", "e1", "full")
        assert found is not None
        assert ("ad\\udce4", "b\\udcff.py") == (found.grade.student, found.grade.file)
        assert found.evidence == odd.evidence
        assert [found] == book.results()
        book.link(begin(book), odd)


def test_one_transaction_a_submission(gradebook_file: Path) -> None:
    """Each record commits exactly once."""
    commits: list[sa.Connection] = []

    def seen(database: sa.Connection) -> None:
        commits.append(database)

    with Gradebook.open(str(gradebook_file)) as book:
        run = begin(book)
        sa.event.listen(sa.Engine, "commit", seen)
        try:
            for number in range(1, 4):
                book.record(run, graded(f"student-{number}"))
                assert number == len(commits) == count(gradebook_file, "entries")
        finally:
            sa.event.remove(sa.Engine, "commit", seen)


def test_a_record_is_stored_whole_or_not_at_all(gradebook_file: Path) -> None:
    """A fault in the last statement leaves no half of a grade."""
    with Gradebook.open(str(gradebook_file)) as book:
        run = begin(book)
        with sqlite3.connect(gradebook_file) as database:
            database.execute("CREATE TRIGGER t BEFORE INSERT ON checks BEGIN SELECT RAISE(ROLLBACK, 'no room'); END")
        with pytest.raises(GradebookError, match="no room"):
            book.record(run, graded())
    assert [0, 0, 0] == [count(gradebook_file, table) for table in ("grades", "entries", "checks")]
