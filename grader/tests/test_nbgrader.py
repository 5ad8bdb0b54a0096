"""The course inside nbgrader, by nbgrader's own commands and API."""

from __future__ import annotations

import json
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from grader.lms.nbgrader.folders import course_folder, topics_of
from grader.tests.classroom import Ran, program, toy_course
from grader.tests.nbgrader_class import DAMAGES, hand_in_by_nbgrader
from grader.tests.nbgrader_commands import Commands

SECRETS = ("CANARY-20240229", "8_000_000", "8675309", "test_hidden", "NUMBERS")
"""What stands in the hidden suite only, and what it computes."""


class Courses(NamedTuple):
    """One class, graded by plain ``nbgrader autograde`` and by ``grader grade``, each in a course of its own."""

    plain: Path
    ours: Path
    undamaged: set[str]
    autograde: Ran
    grade: Ran


@contextmanager
def gradebook(course: Path) -> Iterator[Any]:
    """nbgrader's own API on the course's gradebook, without SQLAlchemy's warnings of how nbgrader uses it."""
    from nbgrader.api import Gradebook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
            yield book


def table(course: Path) -> dict[str, Any]:
    """What nbgrader's own API says of the assignment, by student."""
    rows = {}
    with gradebook(course) as book:
        for submission in book.assignment_submissions("toy"):
            notebook = submission.notebooks[0]
            rows[submission.student.id] = {
                "score": notebook.score,
                "max_score": notebook.max_score,
                "timestamp": str(submission.timestamp),
                "grades": {
                    grade.name: [grade.auto_score, grade.manual_score, grade.needs_manual_grade]
                    for grade in notebook.grades
                },
                "comments": {comment.name: comment.auto_comment for comment in notebook.comments},
            }
    return rows


@pytest.fixture(scope="module")
def courses(tmp_path_factory: pytest.TempPathFactory, nbgrader: Commands) -> Courses:
    """The class, handed in and graded both ways."""
    home = tmp_path_factory.mktemp("nbgrader")
    toy_course(home)
    exported = program("grader", home, "export", "nbgrader", "--to", "plain")
    assert exported.code == 0, exported.err
    plain, ours = home / "plain", home / "ours"
    released = nbgrader(plain, "generate_assignment", "toy")
    assert released.code == 0, released.err
    undamaged = hand_in_by_nbgrader(plain)
    shutil.copytree(plain, ours)
    autograde = nbgrader(plain, "autograde", "toy")
    grade = program("grader", home, "grade", "toy", "ours/submitted", "--out", "out", "--jobs", "1")
    return Courses(plain, ours, undamaged, autograde, grade)


@pytest.mark.slow
def test_the_release_holds_no_solution(courses: Courses) -> None:
    """Nor a hidden test; its code is the stub's, and each task has one locked grade cell with its points."""
    text = (courses.plain / "release" / "toy" / "toy.ipynb").read_text(encoding="utf-8")
    assert [] == [secret for secret in (*SECRETS, "SOLUTION", "return x * 2", "sum(numbers)") if secret in text]
    assert text.count('raise NotImplementedError(\\"toy: ') == 6
    marks = [cell["metadata"].get("nbgrader", {}) for cell in json.loads(text)["cells"]]
    assert {mark["grade_id"]: mark["points"] for mark in marks if mark.get("grade")} == {
        "points-double": 10,
        "points-total": 10,
        "points-Counter": 10,
    }
    assert [mark for mark in marks if mark.get("grade") and not mark["locked"]] == []
    assert "def test_double_small" in text


@pytest.mark.slow
def test_both_ways_give_the_same_scores(courses: Courses) -> None:
    """The reference everything, the stub nothing, each attack what its answers are worth."""
    assert courses.autograde.code == 0, courses.autograde.err
    assert courses.grade.code == 0, courses.grade.err
    plain, ours = table(courses.plain), table(courses.ours)
    scores = {name: row["score"] for name, row in ours.items()}
    assert scores["right"] == scores["loud"] == 30
    assert scores["stub"] == 0
    assert 0 < scores["wrong"] < 30
    assert 0 < scores["half"] < 10
    assert scores["syntax"] == 20
    assert [name for name in scores if name.startswith("attack") and scores[name] > 0] == []
    assert {name: plain[name]["grades"] for name in courses.undamaged} == {
        name: ours[name]["grades"] for name in courses.undamaged
    }
    # What is said of an answer does not depend on who graded it, either.
    assert {name: row["comments"] for name, row in plain.items()} == {
        name: row["comments"] for name, row in ours.items()
    }
    assert ours["stub"]["comments"] == dict.fromkeys(ours["stub"]["comments"], "No response.")
    assert {row["max_score"] for row in ours.values()} == {30}
    assert ours["right"]["timestamp"] == plain["right"]["timestamp"] == "2026-11-20 10:00:00"


@pytest.mark.slow
@pytest.mark.parametrize("damage", [*DAMAGES, "renamed"])
def test_a_damaged_notebook_is_graded_from_what_is_there(courses: Courses, damage: str) -> None:
    """By both ways, at no cost."""
    assert table_of(courses)[0][damage]["score"] == 30
    assert table_of(courses)[1][damage]["score"] == 30


def table_of(courses: Courses) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both courses' tables, read once."""
    key = str(courses.plain)
    if key not in _TABLES:
        _TABLES[key] = (table(courses.plain), table(courses.ours))
    return _TABLES[key]


_TABLES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}


@pytest.mark.slow
def test_what_is_no_notebook_scores_nothing_and_says_why(courses: Courses) -> None:
    """A file that breaks off stops nobody; who handed in another assignment only is not graded."""
    plain, ours = table_of(courses)
    assert plain["cut"]["score"] == ours["cut"]["score"] == 0
    assert "breaks off" in ours["cut"]["comments"]["solution-double"]
    assert len(ours) == 20
    assert "absent" not in plain
    assert "absent" not in ours


@pytest.mark.slow
def test_feedback_and_export_work_afterwards(courses: Courses, nbgrader: Commands) -> None:
    """By nbgrader's own commands on what ``grader grade`` wrote; no page holds anything of the hidden suite."""
    for course in (courses.plain, courses.ours):
        feedback = nbgrader(course, "generate_feedback", "toy")
        assert feedback.code == 0, feedback.err
        pages = list((course / "feedback").glob("*/toy/toy.html"))
        assert len(pages) == 20
        leaks = [(page.parts[-3], secret) for page in pages for secret in SECRETS if secret in page.read_text("utf-8")]
        assert leaks == []
    exported = nbgrader(courses.ours, "export")
    assert exported.code == 0, exported.err
    assert "right" in (courses.ours / "grades.csv").read_text(encoding="utf-8")


@pytest.mark.slow
def test_grading_again_changes_nothing_and_keeps_what_a_human_gave(courses: Courses) -> None:
    """A manual score and comment stand, and nothing is written that is there already."""
    with gradebook(courses.ours) as book:
        book.find_grade("points-double", "toy", "toy", "wrong").manual_score = 9.0
        book.find_comment("solution-double", "toy", "toy", "wrong").manual_comment = "nearly"
        book.db.commit()
    before = table(courses.ours)
    notebooks = {path: path.stat().st_mtime_ns for path in (courses.ours / "autograded").rglob("*.ipynb")}
    assert len(notebooks) == 20
    # The course's folder means its submitted/, too.
    again = program("grader", courses.ours.parent, "grade", "toy", "ours", "--out", "out", "--jobs", "1")
    assert again.code == 0, again.err
    assert "0 written, 20 unchanged" in again.err
    assert table(courses.ours) == before
    assert before["wrong"]["grades"]["points-double"][1] == 9.0
    assert {path: path.stat().st_mtime_ns for path in notebooks} == notebooks


@pytest.mark.slow
def test_the_source_validates_and_the_release_tells_what_is_missing(courses: Courses, nbgrader: Commands) -> None:
    """``nbgrader validate`` runs the grade cells in a kernel, and they run the public checks outside of it."""
    right = nbgrader(courses.plain, "validate", "source/toy/toy.ipynb")
    assert "Success" in right.out, right.out + right.err
    stub = nbgrader(courses.plain, "validate", "release/toy/toy.ipynb")
    # Counter has no public check.
    assert "FAILED ON 2 CELL" in stub.out, stub.out + stub.err


@pytest.mark.slow
def test_without_the_courses_configuration_no_points_are_given(
    courses: Courses, nbgrader: Commands, tmp_path: Path
) -> None:
    """A kernel's word is not taken for a grade: without our part the grade cells fail."""
    course = tmp_path / "course"
    shutil.copytree(courses.plain, course, ignore=shutil.ignore_patterns("autograded", "feedback", "reports"))
    (course / "nbgrader_config.py").write_text("c = get_config()\n", encoding="utf-8")
    assert nbgrader(course, "autograde", "toy", "--student", "right").code == 0
    assert table(course)["right"]["score"] == 0


def test_an_nbgrader_course_is_told_by_its_folders(tmp_path: Path) -> None:
    """By its configuration or gradebook beside ``submitted``, from the course's folder or from that one."""
    (tmp_path / "course" / "submitted" / "ada").mkdir(parents=True)
    assert course_folder(tmp_path / "course") is None
    (tmp_path / "course" / "nbgrader_config.py").touch()
    assert course_folder(tmp_path / "course") == tmp_path / "course"
    assert course_folder(tmp_path / "course" / "submitted") == tmp_path / "course"
    assert course_folder(tmp_path / "course" / "submitted" / "ada") is None
    config = tmp_path / "course" / "nbgrader_config.py"
    for text in ("configure(", "configure(c)", "configure(c, course=1)", "configure(c, course='nowhere')", "\0"):
        config.write_text(text, encoding="utf-8")
        assert topics_of(tmp_path / "course") is None
    (tmp_path / "solutions").mkdir()
    config.write_text(f"from x import configure\nconfigure(c, course={str(tmp_path)!r})\n", encoding="utf-8")
    assert topics_of(tmp_path / "course") == tmp_path


@pytest.mark.slow
def test_by_way_of_nbgraders_exchange(courses: Courses, nbgrader: Commands, tmp_path: Path) -> None:
    """Released, fetched, submitted and collected by nbgrader's own commands; graded from the course's folder."""
    course, home = tmp_path / "cnn", tmp_path / "home"
    home.mkdir()
    shutil.copytree(courses.plain / "source", course / "source")
    shutil.copy(courses.plain / "nbgrader_config.py", course)
    (tmp_path / "exchange").mkdir()
    (tmp_path / "exchange").chmod(0o777)
    exchange = f"--Exchange.root={tmp_path / 'exchange'}"
    for folder, *command in (
        (course, "generate_assignment", "toy"),
        (course, "release_assignment", "toy", exchange),
        (home, "fetch_assignment", "toy", "--course", "stride", exchange),
        (home, "submit", "toy", "--course", "stride", exchange),
        (course, "collect", "toy", exchange),
    ):
        ran = nbgrader(folder, *command)
        assert ran.code == 0, (command, ran.err)
    (collected,) = (course / "submitted").iterdir()
    graded = program("grader", course, "grade", "toy", "submitted", "--jobs", "1")
    assert graded.code == 0, graded.err
    assert "1 written" in graded.err
    row = table(course)[collected.name]
    assert row["score"] == 0
    assert row["timestamp"] != "None"


def read_shown(notebook: Path) -> list[tuple[str, str, str]]:
    """What a graded notebook shows: each cell's kind, its text, and the text of its outputs."""
    cells = json.loads(notebook.read_bytes())["cells"]
    return [
        (
            cell["cell_type"],
            "".join(cell["source"]),
            "".join("".join(out.get("text", "") or out["data"]["text/plain"]) for out in cell.get("outputs", [])),
        )
        for cell in cells
    ]


@pytest.mark.slow
def test_both_ways_leave_the_same_files(courses: Courses) -> None:
    """The same cells and outputs; what a notebook shows from beside it, such as a figure, is there for feedback."""
    left = [
        {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}
        for folder in (course / "autograded" / "right" / "toy" for course in (courses.plain, courses.ours))
    ]
    assert left[0] == left[1]
    for student in table_of(courses)[1]:
        shown = [read_shown(course / "autograded" / student / "toy" / "toy.ipynb") for course in courses[:2]]
        assert shown[0] == shown[1], student
    assert {"toy.ipynb", "topic.toml", "timestamp.txt"} <= left[0]
