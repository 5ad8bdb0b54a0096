"""Grades in other systems' formats, each read back as that system's documentation describes it."""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.grade import CheckGrade, Grade, Graded, Mistake, TaskGrade
from grader.core.verdict import Verdict
from grader.gradebook import Gradebook
from grader.lms.tables import harmless
from grader.tests.classroom import ROOT, Command, toy_course
from grader.tests.formats import Classroom50, Gradescope, breaches

CHECKS = (
    CheckGrade("test_double_small", "double", "Doubles a few", Verdict.PASSED, 2.5, 2.5, "public"),
    CheckGrade("test_double_table", "double", "Doubles a table", Verdict.FAILED, 0.0, 7.5, "hidden", "<no> & so"),
    CheckGrade("test_total_small", "total", "Adds", Verdict.SKIPPED, 0.0, 10.0, "public", "not run"),
)


TASKS = (TaskGrade("double", 2.5, 10.0), TaskGrade("total", 0.0, 10.0))


def grade(student: str, **changed: Any) -> Grade:
    """A grade of 2.5 of 20 points."""
    given = Grade(student, f"{student}.py", "d" * 64, True, 2.5, 20.0, 1.25, tasks=TASKS, checks=CHECKS)
    return msgspec.structs.replace(given, **changed)


GRADES = [
    grade("lovelaceada_101"),
    grade("Grace Hopper_102", score=20.0, mistakes=(Mistake("squared", "Twice, not squared.", "agrees"),)),
    grade("=cmd()", gradable=False, score=0.0, flags=("not gradable: is empty",), tasks=TASKS, checks=()),
]


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course whose gradebook, ``out/gradebook.db``, holds three grades of ``toy``."""
    toy_course(tmp_path)
    (tmp_path / "out").mkdir()
    with Gradebook.open(str(tmp_path / "out" / "gradebook.db")) as book:
        run = book.begin_run("toy", "suite", "engine", "full")
        for each in GRADES:
            book.record(run, Graded(each))
        book.finish_run(run)
    return tmp_path


def rows(text: str) -> list[dict[str, str]]:
    """A table's rows by column."""
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_plain_csv(course: Path, grader: Command) -> None:
    """One row a student, tasks in columns; a name that a spreadsheet would run is only text."""
    assert grader(course, "export", "csv", "--to", "here/grades.csv") == (0, "written: here/grades.csv\n", "")
    found = {row["student"]: row for row in rows((course / "here" / "grades.csv").read_text("utf-8"))}
    assert set(found) == {"lovelaceada_101", "Grace Hopper_102", "'=cmd()"}
    assert found["lovelaceada_101"]["score"] == found["lovelaceada_101"]["toy.double"] == "2.5"
    assert found["Grace Hopper_102"]["mistakes"] == "squared"
    assert found["'=cmd()"]["gradable"] == "no"


def test_what_was_adjusted_by_hand_is_handed_on(course: Path, grader: Command) -> None:
    """An export holds the points that the student has, not what the suite alone gave."""
    ran = grader(course, "adjust", "lovelaceada_101", "toy", "double", "+5", "--why", "a good idea")
    assert ran.code == 0, ran.err
    assert grader(course, "export", "csv").code == 0
    found = {row["student"]: row for row in rows((course / "grades.csv").read_text("utf-8"))}
    assert found["lovelaceada_101"]["score"] == "7.5"


@given(st.text())
def test_no_cell_is_a_formula(text: str) -> None:
    """Whatever it holds; and what is harmless stays as it is."""
    cell = harmless(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert cell in (text, f"'{text}")


CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,A toy (5501),Essay (5502),Assignments Final Score
    Points Possible,,,,,20.00,10.00,(read only)
"Lovelace, Ada",101,s1,ada@example.org,"Sec 1, Mon",,7.00,70
"Hopper, Grace",102,s2,Grace,Sec 1,3,9.00,90
"Student, Test",999,,t1,Sec 1,,,
"""


def test_canvas_fills_its_own_template(course: Path, grader: Command) -> None:
    """By the id in a downloaded file's name; all other cells, rows and columns stay; who has no row is named."""
    (course / "canvas.csv").write_text(CANVAS, encoding="utf-8-sig")
    ran = grader(course, "export", "canvas", "toy", "--template", "canvas.csv", "--to", "up.csv")
    assert ran.code == 0
    assert "=cmd()" in ran.err
    before = list(csv.reader(io.StringIO(CANVAS, newline="")))
    after = list(csv.reader(io.StringIO((course / "up.csv").read_text("utf-8"), newline="")))
    assert [row[5] for row in after] == ["A toy (5501)", "20.00", "2.5", "20", ""]
    assert [row[:5] + row[6:] for row in after] == [row[:5] + row[6:] for row in before]


def test_canvas_without_a_template(course: Path, grader: Command) -> None:
    """The documented columns, a row of possible points, and the id where the name has it."""
    assert grader(course, "export", "canvas", "--to", "up.csv").code == 0
    table = list(csv.reader(io.StringIO((course / "up.csv").read_text("utf-8"), newline="")))
    assert table[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "A toy"]
    assert table[1][0].strip() == "Points Possible"
    assert table[1][5] == "20"
    assert ["lovelaceada_101", "101", "", "lovelaceada_101", "", "2.5"] in table
    assert ["'=cmd()", "", "", "'=cmd()", "", "0"] in table


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("Student,ID,Other (1)\n", "no assignment called 'A toy'"),
        ("Student,ID,A toy (1),A toy (2)\n", "more than one"),
        ("a,b\n", "no gradebook of Canvas's"),
        ("", "is empty"),
        ('"', "no CSV file"),
    ],
)
def test_canvas_says_what_is_wrong_with_a_template(course: Path, grader: Command, template: str, says: str) -> None:
    """In one sentence, and nothing is written."""
    (course / "canvas.csv").write_text(template, encoding="utf-8")
    ran = grader(course, "export", "canvas", "toy", "--template", "canvas.csv", "--to", "up.csv")
    assert ran.code == 2
    assert says in ran.err
    assert not (course / "up.csv").exists()


def test_moodle_fills_its_own_worksheet(course: Path, grader: Command) -> None:
    """By participant number; grade and comment change, and nothing else."""
    text = (
        "Identifier,Full name,Email address,Status,Grade,Maximum grade,Last modified (grade),Feedback comments\n"
        'Participant 101,Ada Lovelace,ada@example.org,Submitted for grading,,20.00,"Friday, 20 November",\n'
        "Participant 102,Grace Hopper,g@example.org,Submitted for grading,1,20.00,-,old\n"
        "Participant 103,Alan Turing,alan@example.org,No submission,,20.00,-,\n"
    )
    (course / "sheet.csv").write_text(text, encoding="utf-8")
    ran = grader(course, "export", "moodle", "toy", "--template", "sheet.csv", "--to", "up.csv")
    assert ran.code == 0
    assert "=cmd()" in ran.err
    before, after = rows(text), rows((course / "up.csv").read_text("utf-8"))
    assert [row["Grade"] for row in after] == ["2.5", "20", ""]
    assert after[1]["Feedback comments"] == "double 2.5/10, total 0/10. Twice, not squared."
    assert [row["Last modified (grade)"] for row in after] == [row["Last modified (grade)"] for row in before]


def test_moodle_without_a_worksheet(course: Path, grader: Command) -> None:
    """The columns of a worksheet, with the participant's number where the name has it."""
    assert grader(course, "export", "moodle", "toy", "--to", "up.csv").code == 0
    found = {row["Identifier"]: row for row in rows((course / "up.csv").read_text("utf-8"))}
    assert found["Participant 101"]["Grade"] == "2.5"
    assert found["Participant 101"]["Maximum grade"] == "20"


def test_junit(course: Path, grader: Command) -> None:
    """Counts add up on each level, and a message is text whatever it holds."""
    assert grader(course, "export", "junit", "--to", "junit.xml").code == 0
    root = ET.fromstring((course / "junit.xml").read_bytes())
    assert (root.tag, root.attrib) == ("testsuites", {"tests": "7", "failures": "2", "errors": "1"})
    assert breaches(root) == []
    assert [suite.attrib["skipped"] for suite in root] == ["0", "1", "1"]
    for suite in root:
        assert suite.tag == "testsuite"
        cases = suite.findall("testcase")
        assert {"tests", "failures", "errors", "skipped", "name", "time"} <= set(suite.attrib)
        assert int(suite.attrib["tests"]) == len(cases)
        assert int(suite.attrib["failures"]) == len(suite.findall("testcase/failure"))
        assert [case for case in cases if not {"classname", "name", "time"} <= set(case.attrib)] == []
    failure = root.find("testsuite/testcase/failure")
    assert failure is not None
    assert failure.text == "<no> & so"


def test_gradescope_results(course: Path, grader: Command) -> None:
    """Documented fields only; hidden checks wait for the due date."""
    ran = grader(course, "export", "gradescope", "toy", "--gradebook", "out/gradebook.db")
    assert ran.code == 2
    assert "pyproject.toml" in ran.err
    (course / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    assert grader(course, "export", "gradescope", "toy", "--gradebook", "out/gradebook.db").code == 0
    files = sorted((course / "gradescope" / "results").glob("*/results.json"))
    assert len(files) == 3
    found = [msgspec.json.decode(file.read_bytes(), type=Gradescope) for file in files]
    ada = next(each for each in found if each.score == 2.5)
    assert [(test.status, test.score, test.max_score, test.visibility) for test in ada.tests] == [
        ("passed", 2.5, 2.5, "visible"),
        ("failed", 0.0, 7.5, "after_due_date"),
        ("failed", 0.0, 10.0, "visible"),
    ]
    assert any("not gradable" in each.output for each in found)


def test_classroom50_results(course: Path, grader: Command) -> None:
    """The contract's fields and types; totals are the sums of whole points, exact ones stand beside them."""
    assert grader(course, "export", "classroom50", "--classroom", "cnn").code == 0
    files = sorted((course / "classroom50" / "toy").glob("*/result.json"))
    assert len(files) == 3
    for file in files:
        found = msgspec.json.decode(file.read_bytes(), type=Classroom50)
        assert found.score == sum(test.score for test in found.tests)
        assert found.max_score == sum(test.max_score for test in found.tests) == 20
        assert (found.classroom, found.assignment) == ("cnn", "toy")
        assert found.tests[0].score == 3
        assert found.tests[0].points == 2.5
        assert not found.tests[0].passed


@pytest.mark.parametrize("format_", ["csv", "canvas", "junit"])
def test_an_export_without_grades_says_what_to_do(tmp_path: Path, grader: Command, format_: str) -> None:
    """No gradebook, and a topic that it does not hold."""
    ran = grader(tmp_path, "export", format_)
    assert ran.code == 2
    assert "grade something first" in ran.err
    with Gradebook.open(str(tmp_path / "empty.db")):
        pass
    ran = grader(tmp_path, "export", format_, "--gradebook", "empty.db", "toy")
    assert ran.code == 2
    assert "holds no grade of toy" in ran.err
