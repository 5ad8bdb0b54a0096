"""Finding what students handed in: each layout, whose file is whose, and what is not gradable."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

from grader.autograde.intake import places
from grader.autograde.submissions import Cell, Submission, discover
from grader.core.errors import CourseError
from grader.tests.handed_in import as_notebook, make, only, students

# ------------------------------------------------------------------------------------------------ layouts


def test_a_single_file_is_named_for_the_student(tmp_path: Path) -> None:
    """``ann.py`` is Ann's; its digest is that of its bytes."""
    make(tmp_path, ann_py="x = 1\n")
    expected = Submission("ann", "ann.py", hashlib.sha256(b"x = 1\n").hexdigest(), (Cell("x = 1\n", "toy.py"),))
    assert expected == only(tmp_path / "ann.py")


def test_a_single_file_named_for_the_topic_takes_its_folders_name(tmp_path: Path) -> None:
    """``ann/toy.py`` is Ann's, given as a file or as a folder."""
    make(tmp_path, ann__toy_py="", ann__support_py="", ann__README="")
    assert {"ann": "toy.py"} == students(tmp_path / "ann" / "toy.py")
    assert {"ann": "toy.py"} == students(tmp_path / "ann")


def test_one_file_a_student(tmp_path: Path) -> None:
    """Python files and notebooks, sorted by name; other files are not submissions."""
    make(tmp_path, bob_ipynb=as_notebook("x"), ann_py="", README="", notes="", _hidden="", toy_py="")
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / ".ipynb_checkpoints").mkdir()
    (tmp_path / "grades.csv").write_text("")
    assert {"ann": "ann.py", "bob": "bob.ipynb", "toy": "toy.py"} == students(tmp_path)
    assert [False, True, False] == [found.notebook for found in discover(tmp_path, "toy")]


def test_a_name_that_begins_with_a_dot_is_a_name(tmp_path: Path) -> None:
    """Nobody's file is left out; what tools write beside a file, and hidden files of a single student, are nobody's."""
    make(tmp_path, **{".x_py": "", "..x_py": "", ".y_ipynb": as_notebook("x"), "ann_py": "", ".env": "", ".git": ""})
    make(tmp_path, **{"._ann_py": "\0", ".#ann_py": "", ".~y_ipynb": ""})
    assert {".x": ".x.py", "..x": "..x.py", ".y": ".y.ipynb", "ann": "ann.py"} == students(tmp_path)
    make(tmp_path, bob__toy_py="", **{"bob__.toy_py": "", "bob__.old_py": ""})
    assert {"bob": "toy.py"} == students(tmp_path / "bob")


def test_upper_case_suffixes_count(tmp_path: Path) -> None:
    """A file from Windows may be called ``ANN.PY``."""
    (tmp_path / "ANN.PY").write_text("x = 1")
    assert "" == only(tmp_path).problem


def test_one_folder_a_student(tmp_path: Path) -> None:
    """The file named for the topic is taken, whatever lies beside it."""
    make(tmp_path, ann__toy_py="", ann__other_py="", bob__toy_ipynb=as_notebook("x"), bob__support_py="")
    assert {"ann": "ann/toy.py", "bob": "bob/toy.ipynb"} == students(tmp_path)


def test_a_huge_folder_is_no_obstacle_if_the_file_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A student's data set is not searched when the submission has its proper name."""
    monkeypatch.setattr(places, "MAX_FOLDER_ENTRIES", 3)
    make(tmp_path, ann__toy_py="", bob__hw_py="")
    for number in range(5):
        make(tmp_path, **{f"ann__{number}": "", f"bob__{number}": "", f"cat__{number}__toy_py": ""})
    found = {entry.student: entry.problem for entry in discover(tmp_path, "toy")}
    assert "" == found["ann"]
    assert "the folder holds more than 3 files, none of them named for the topic" == found["bob"] == found["cat"]


@pytest.mark.parametrize("given", ["submitted", "."])
def test_nbgrader(tmp_path: Path, given: str) -> None:
    """``submitted/<student>/<assignment>/``, given as itself or by its parent; other assignments don't disturb."""
    make(
        tmp_path,
        submitted__ann__ps1__toy_ipynb=as_notebook("x"),
        submitted__ann__ps1__timestamp_txt="2026-11-22",
        submitted__ann__ps2__other_ipynb=as_notebook("x"),
        submitted__bob__toy__toy_py="",
        submitted__bob__ps0__toy_py="",
        submitted__cat__ps1__renamed_ipynb=as_notebook("x"),
        source__ps1__toy_ipynb=as_notebook("x"),
        nbgrader_config_py="",
    )
    prefix = "" if given == "submitted" else "submitted/"
    expected = {"ann": "ann/ps1/toy.ipynb", "bob": "bob/toy/toy.py", "cat": "cat/ps1/renamed.ipynb"}
    assert {name: prefix + file for name, file in expected.items()} == students(tmp_path / given)


def test_a_student_may_be_called_submitted(tmp_path: Path) -> None:
    """A folder of that name among students' folders hides nobody."""
    make(tmp_path, ann__toy_py="", submitted__toy_py="", submitted__x__toy_py="")
    assert {"ann": "ann/toy.py", "submitted": "submitted/toy.py"} == students(tmp_path)


def test_mixed_layouts(tmp_path: Path) -> None:
    """Files and folders in one place are all looked into."""
    make(tmp_path, ann_py="", bob__toy_py="", cat__hw__toy_py="")
    assert {"ann": "ann.py", "bob": "bob/toy.py", "cat": "cat/hw/toy.py"} == students(tmp_path)


def test_a_renamed_file_is_taken_with_a_note(tmp_path: Path) -> None:
    """The only file there is counts, companions of the stub apart."""
    make(tmp_path, ann__answer_py="x = 1", ann__support_py="", ann__test_public_py="")
    assert ("answer.py was taken for toy, the only file there is",) == only(tmp_path).notes
    assert "ann/answer.py" == only(tmp_path).file


def test_several_files_are_a_problem_that_lists_them(tmp_path: Path) -> None:
    """No guessing between ``a.py`` and ``b.ipynb``; a long list is cut."""
    make(tmp_path, ann__a_py="", ann__b_ipynb="", bob__x1_py="", bob__x2_py="")
    make(tmp_path, **{f"cat__x{number}_py": "" for number in range(9)})
    found = {entry.student: entry.problem for entry in discover(tmp_path, "toy")}
    assert "no file is called toy, and there are several: a.py, b.ipynb" == found["ann"]
    assert found["cat"].endswith("x0.py, x1.py, x2.py, x3.py, x4.py and 4 more")


def test_several_assignments_with_the_file_are_a_problem(tmp_path: Path) -> None:
    """Two folders with a ``toy.py`` each, and none of them called ``toy``."""
    make(tmp_path, ann__hw1__toy_py="", ann__hw2__toy_py="")
    assert "several folders hold a file called toy: hw1, hw2" == only(tmp_path).problem


def test_an_empty_folder_of_a_student_is_an_entry(tmp_path: Path) -> None:
    """Nothing usable handed in is not gradable, and not forgotten."""
    make(tmp_path, ann__README="", bob__support_py="")
    (tmp_path / "cat").mkdir()
    problems = {entry.problem for entry in discover(tmp_path, "toy")}
    assert {"no such file: the folder holds no toy.py or toy.ipynb"} == problems
    assert ["ann", "bob", "cat"] == [entry.student for entry in discover(tmp_path, "toy")]


def test_a_stub_left_as_it_was_gives_way_to_the_filled_notebook(tmp_path: Path) -> None:
    """Stub and notebook are released together; the one with fewer open tasks is graded, ``.py`` if equal."""
    stub = 'def f():\n    raise NotImplementedError("toy: f")\n'
    make(tmp_path, ann__toy_py=stub, ann__toy_ipynb=as_notebook("def f(): return 1"))
    make(tmp_path, bob__toy_py="x", bob__toy_ipynb=as_notebook("x"), cat__toy_py="x", cat__toy_ipynb="{")
    make(tmp_path, dan__toy_py=b"\xff", dan__toy_ipynb=as_notebook("x"))
    expected = {"ann": "ann/toy.ipynb", "bob": "bob/toy.py", "cat": "cat/toy.py", "dan": "dan/toy.ipynb"}
    assert expected == students(tmp_path)
    assert ("ann/toy.ipynb was graded, and not ann/toy.py",) == discover(tmp_path, "toy")[0].notes


def test_one_name_is_one_entry(tmp_path: Path) -> None:
    """``ann.py``, ``ann.ipynb`` and ``ann/`` all claim Ann: one is graded, the note names the others."""
    make(tmp_path, ann_py="x", ann_ipynb=as_notebook("x"), ann__toy_py="x", bob_py="")
    ann, bob = discover(tmp_path, "toy")
    assert ("ann.py was graded, and not ann/toy.py or ann.ipynb",) == ann.notes
    assert () == bob.notes


def test_the_order_is_that_of_the_names(tmp_path: Path) -> None:
    """Whatever order the folder is listed in."""
    make(tmp_path, **{f"s{number}_py": "" for number in (10, 9, 2, 33)}, B_py="", a_py="")
    names = [entry.student for entry in discover(tmp_path, "toy")]
    assert sorted(names) == names


@pytest.mark.parametrize("content", [None, {}, {"README.md": ""}, {"._hidden.py": ""}])
def test_nothing_to_grade_is_one_sentence(tmp_path: Path, content: dict[str, str] | None) -> None:
    """A missing path and a folder without any submission are the caller's mistake, not a student's."""
    folder = tmp_path / "class"
    if content is not None:
        folder.mkdir()
        for name, text in content.items():
            (folder / name).write_text(text)
    with pytest.raises(CourseError, match="does not exist|holds no submission"):
        discover(folder, "toy")


def test_a_folder_that_cannot_be_listed_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The class folder itself is the caller's; a student's folder is the student's."""
    make(tmp_path, ann__x_py="", bob_py="")

    def refuse(path: Path) -> Any:
        if path.name == refused:
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    scandir = os.scandir
    monkeypatch.setattr(os, "scandir", refuse)
    refused = tmp_path.name
    with pytest.raises(CourseError, match="can't be listed: Permission denied"):
        discover(tmp_path, "toy")
    refused = "ann"
    problems = [entry.problem for entry in discover(tmp_path, "toy")]
    assert ["the folder can't be read: Permission denied", ""] == problems
