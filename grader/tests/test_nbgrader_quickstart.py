"""Topics put into an nbgrader course that somebody runs already."""

from __future__ import annotations

import ast
import shutil
import warnings
from pathlib import Path

import pytest

from grader.tests.classroom import Command, toy_course
from grader.tests.nbgrader_commands import Commands


@pytest.mark.slow
def test_a_quickstarted_course_keeps_its_own_assignment(tmp_path: Path, nbgrader: Commands, grader: Command) -> None:
    """Its id and settings stay, its own assignment is graded by nbgrader in a kernel, the topic by this engine."""
    from nbgrader.api import Gradebook

    toy_course(tmp_path)
    assert nbgrader(tmp_path, "quickstart", "course101").code == 0
    course = tmp_path / "course101"
    for _ in range(2):
        exported = grader(tmp_path, "export", "nbgrader", "toy", "--to", "course101")
        assert exported.code == 0, exported.err
    text = (course / "nbgrader_config.py").read_text(encoding="utf-8")
    assert text.count("\nconfigure(") == 1
    for assignment, notebook in (("ps1", "problem1"), ("toy", "toy")):
        released = nbgrader(course, "generate_assignment", assignment)
        assert released.code == 0, released.err
        folder = course / "submitted" / "ada" / assignment
        folder.mkdir(parents=True)
        shutil.copy(course / "source" / assignment / f"{notebook}.ipynb", folder)
        graded = nbgrader(course, "autograde", assignment)
        assert graded.code == 0, graded.err
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
            own = book.find_submission_notebook("problem1", "ps1", "ada")
            scores = {grade.name: grade.auto_score for grade in own.grades}
            toy = book.find_submission("toy", "ada").score
    assert (scores["correct_squares"], scores["squares_invalid_input"]) == (1, 1)
    assert toy == 30


@pytest.mark.parametrize("text", ["c = get_config()\nc.CourseDirectory.course_id = 'mine'", "# nothing\n"])
def test_an_instructors_configuration_is_added_to_once(tmp_path: Path, grader: Command, text: str) -> None:
    """What is in it stays as it is."""
    toy_course(tmp_path)
    config = tmp_path / "mine" / "nbgrader_config.py"
    config.parent.mkdir()
    config.write_text(text, encoding="utf-8")
    for _ in range(2):
        assert grader(tmp_path, "export", "nbgrader", "--to", "mine").code == 0
        found = config.read_text(encoding="utf-8")
        assert found.startswith(text)
        calls = [node.func for node in ast.walk(ast.parse(found)) if isinstance(node, ast.Call)]
        assert [ast.unparse(call) for call in calls].count("configure") == 1


def test_a_configuration_that_is_no_python_is_left_alone(tmp_path: Path, grader: Command) -> None:
    """One sentence says so, and nothing is written."""
    toy_course(tmp_path)
    config = tmp_path / "mine" / "nbgrader_config.py"
    config.parent.mkdir()
    config.write_text("c = (", encoding="utf-8")
    ran = grader(tmp_path, "export", "nbgrader", "--to", "mine")
    assert ran.code == 2
    assert "nbgrader_config.py can't be read as Python" in ran.err
    assert [path.name for path in config.parent.iterdir()] == ["nbgrader_config.py"]
    assert config.read_text(encoding="utf-8") == "c = ("
