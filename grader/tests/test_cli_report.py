"""``grader report``: the class report again from the gradebook, as a page, as text and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from grader.core.grade import CheckGrade, Evidence, Grade, Graded, Mistake, TaskGrade
from grader.core.verdict import Verdict
from grader.gradebook import Gradebook
from grader.tests.classroom import Command

HINT = "Mind the sign."


def entry(student: str, passed: bool, gradable: bool = True) -> Graded:
    """One check of ten points, passed or failed by a known mistake."""
    verdict, points = (Verdict.PASSED, 10.0) if passed else (Verdict.FAILED, 0.0)
    grade = Grade(
        student=student,
        file=f"{student}.py",
        digest=f"digest of {student}",
        gradable=gradable,
        score=points,
        max_score=10.0,
        seconds=0.1,
        mistakes=() if passed or not gradable else (Mistake("sign-lost", HINT, "evidence"),),
        tasks=(TaskGrade("add", points, 10.0),),
        checks=(CheckGrade("test_add", "add", "Adds", verdict, points, 10.0, "public"),) if gradable else (),
    )
    return Graded(grade, Evidence(lines={} if passed else {"sign-lost": "return abs(a)"}))


@pytest.fixture
def graded(tmp_path: Path) -> Path:
    """A folder with a gradebook of two topics; cyd did not hand in the second, of which only the last run counts."""
    (tmp_path / "out").mkdir()
    with Gradebook.open(str(tmp_path / "out" / "gradebook.db")) as book:
        runs = {
            "one": [entry("ada", True), entry("bob", False), entry("cyd", False, gradable=False)],
            "two": [entry("ada", False), entry("bob", False)],
            "two ": [entry("ada", True), entry("bob", False)],
        }
        for topic, entries in runs.items():
            run = book.begin_run(topic.strip(), "suite", "engine", "full")
            for each in entries:
                book.record(run, each)
            book.finish_run(run)
    return tmp_path


def test_the_text_says_the_same_in_short(graded: Path, grader: Command) -> None:
    """A row for each topic, the mistakes with a line of the class's, and where the page is."""
    code, out, err = grader(graded, "report")
    assert (0, "") == (code, err)
    rows = [line.split() for line in out.splitlines()]
    assert ["topic", "sent", "missing", "mean", "median", "full", "unread"] in rows
    assert ["one", "3", "–", "33", "0", "1", "1"] in rows
    assert ["two", "2", "1", "50", "50", "1", "–"] in rows
    assert ["1", "sign-lost", "one", "return", "abs(a)"] in rows
    assert out.endswith("\nreport: out/report.html\n")
    assert (graded / "out" / "feedback" / "two" / "bob.txt").is_file()
    assert HINT in (graded / "out" / "report.html").read_text(encoding="utf-8")


def test_the_json_is_for_scripts(graded: Path, grader: Command) -> None:
    """Topics, checks, mistakes, and each student's share and missing topics; no feedback if none is wanted."""
    code, out, _ = grader(graded, "report", "--format", "json", "--no-feedback", "--out", "elsewhere")
    read = json.loads(out)
    assert 0 == code
    assert {"topics", "students", "surprises"} == set(read)
    assert [("ada", 1.0, []), ("bob", 0.0, []), ("cyd", 0.0, ["two"])] == [
        (student["student"], student["share"], student["missing"]) for student in read["students"]
    ]
    one = read["topics"][0]
    assert ["cyd"] == one["not_gradable"]
    assert (0.5, {"PASSED": 1, "FAILED": 1}) == (one["checks"][0]["rate"], one["checks"][0]["verdicts"])
    assert {"id": "sign-lost", "hint": HINT, "count": 1, "line": "return abs(a)"} == one["mistakes"][0]
    assert ["report.html"] == [path.name for path in (graded / "elsewhere").iterdir()]


def test_no_gradebook_is_one_clear_sentence(tmp_path: Path, grader: Command) -> None:
    """It says what to do."""
    code, out, err = grader(tmp_path, "report")
    assert (2, "") == (code, out)
    assert "grade something first, or name it by --gradebook" in err


def test_the_page_lists_who_is_missing(graded: Path, grader: Command) -> None:
    """By topic: cyd in the second; with a roster dan, too, in both, and in the numbers of the course."""
    (graded / "class.csv").write_text("student\nada\nbob\ncyd\ndan\n", encoding="utf-8")
    for roster, listed, students in (((), ["cyd"], 3), (("--roster", "class.csv"), ["dan", "cyd</bdi>, <bdi>dan"], 4)):
        code, out, err = grader(graded, "report", "--no-feedback", *roster)
        assert (0, "") == (code, err)
        assert f"2 topics, {students} students" in out
        page = (graded / "out" / "report.html").read_text(encoding="utf-8")
        cards = [part.partition("</section>")[0] for part in page.split(">Late and missing</h2>")[1:]]
        assert [True] * len(listed) == [
            f"<strong>Not handed in</strong> <bdi>{names}</bdi></p>" in card
            for card, names in zip(cards, listed, strict=True)
        ]
    refused = grader(graded, "report", "--roster", "nobody.csv")
    assert (2, True) == (refused.code, "the roster nobody.csv can't be read" in refused.err)
