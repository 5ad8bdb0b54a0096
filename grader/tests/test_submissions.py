"""Finding and reading what students handed in: every layout, and every way to hand in something else."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import socket
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.autograde import notebook, submissions
from grader.autograde.files import NotGradableError, printable, python_text
from grader.autograde.notebook import read_cells
from grader.autograde.submissions import Cell, Submission, discover
from grader.core.errors import CourseError

needs_fifo = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")


def make(root: Path, **files: str | bytes) -> Path:
    """Files below ``root``; in names ``__`` stands for the slash and ``_py``, ``_ipynb`` for the suffix."""
    for name, content in files.items():
        file = root / name.replace("__", "/").replace("_py", ".py").replace("_ipynb", ".ipynb")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def cell(source: Any, kind: str = "code") -> dict[str, Any]:
    """A cell as nbformat 4 writes it."""
    return {"cell_type": kind, "metadata": {}, "source": source, "outputs": [], "execution_count": None}


def as_notebook(*sources: Any, **fields: Any) -> str:
    """A notebook of code cells, with ``fields`` at the top level."""
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(map(cell, sources))} | fields)


def only(path: Path) -> Submission:
    """The one submission found in ``path``."""
    (found,) = discover(path, "toy")
    return found


def students(path: Path) -> dict[str, str]:
    """The name of each student with the file that was found."""
    return {found.student: found.file for found in discover(path, "toy")}


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
    (tmp_path / ".dot.py").write_text("")
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / ".ipynb_checkpoints").mkdir()
    (tmp_path / "grades.csv").write_text("")
    assert {"ann": "ann.py", "bob": "bob.ipynb", "toy": "toy.py"} == students(tmp_path)
    assert [False, True, False] == [found.notebook for found in discover(tmp_path, "toy")]


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
    monkeypatch.setattr(submissions, "MAX_FOLDER_ENTRIES", 3)
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


@pytest.mark.parametrize("content", [None, {}, {"README.md": ""}, {".hidden.py": ""}])
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


# ------------------------------------------------------------------------------------- what is no regular file


def test_links_are_never_followed(tmp_path: Path) -> None:
    """To a file, to a folder, to nowhere, to itself, inside a student's folder: an entry, and nothing read."""
    secret = make(tmp_path / "secret", toy_py="SECRET").resolve()
    folder = make(tmp_path / "class", dan__README="", eve__toy__x="")
    (folder / "ann.py").symlink_to(secret / "toy.py")
    (folder / "b.ob").symlink_to(secret)
    (folder / "cat.ipynb").symlink_to(folder / "nowhere")
    (folder / "dan" / "toy.py").symlink_to(secret / "toy.py")
    (folder / "eve" / "toy.py").symlink_to(folder / "eve" / "toy.py")
    (folder / "fay").mkdir()
    (folder / "fay" / "toy").symlink_to(secret)
    (folder / "gus").mkdir()
    (folder / "gus" / "answer.py").symlink_to(secret / "toy.py")
    (folder / "ian").symlink_to(folder / "nowhere")
    found = discover(folder, "toy")
    assert ["ann", "b.ob", "cat", "dan", "eve", "fay", "gus", "ian"] == [entry.student for entry in found]
    for entry in found:
        assert () == entry.cells
        assert "symbolic link, which is never followed" in entry.problem or entry.student == "fay"
    assert "no such file: the folder holds no toy.py or toy.ipynb" == found[5].problem


def test_a_link_given_as_the_class_folder_is_followed(tmp_path: Path) -> None:
    """The path on the command line is the instructor's, a single file in it is not."""
    make(tmp_path / "class", ann_py="x")
    (tmp_path / "link").symlink_to(tmp_path / "class")
    (tmp_path / "link.py").symlink_to(tmp_path / "class" / "ann.py")
    assert {"ann": "ann.py"} == students(tmp_path / "link")
    assert "link.py is a symbolic link, which is never followed" == only(tmp_path / "link.py").problem


@needs_fifo
def test_pipes_and_sockets_are_never_opened(tmp_path: Path) -> None:
    """Opening a pipe would wait for a writer for ever."""
    folder = make(tmp_path / "s", bob__README="", cat__toy_ipynb__x="")
    os.mkfifo(folder / "ann.py")
    os.mkfifo(folder / "bob" / "toy.py")
    os.mkfifo(folder / "plain")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.path.relpath(folder / "dan.py"))
        problems = [entry.problem for entry in discover(folder, "toy")]
    assert "ann.py is a named pipe, which is never opened" == problems[0]
    assert "toy.py is a named pipe, which is never opened" == problems[1]
    assert "toy.ipynb is a folder, not a file" == problems[2]
    assert "dan.py is a socket, which is never opened" == problems[3]
    assert "ann.py is a named pipe, which is never opened" == only(folder / "ann.py").problem


def test_devices_are_never_opened() -> None:
    """Not even when given by name."""
    assert "null is a device, which is never opened" == only(Path("/dev/null")).problem


def test_a_folder_called_like_a_file_is_an_entry(tmp_path: Path) -> None:
    """``ann.py/`` is what Ann handed in."""
    make(tmp_path, ann_py__toy_py="", bob__toy_py__x="")
    assert {"ann.py is a folder, not a file", "toy.py is a folder, not a file"} == {
        entry.problem for entry in discover(tmp_path, "toy")
    }


def test_a_file_swapped_for_another_kind_between_look_and_open_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was opened is looked at again."""
    make(tmp_path, ann_py="x")
    open_file = os.open
    monkeypatch.setattr(os, "open", lambda path, flags: open_file("/dev/null", flags))
    assert "ann.py is a device, which is never opened" == only(tmp_path).problem


@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied"), OSError(5, "Input/output error")])
def test_an_unreadable_file_is_an_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError) -> None:
    """The reason is the system's."""

    def refuse(path: str, flags: int) -> int:
        raise error

    make(tmp_path, ann_py="x")
    monkeypatch.setattr(os, "open", refuse)
    assert f"ann.py can't be read: {error.strerror}" == only(tmp_path).problem


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    """A sparse file of a terabyte costs nothing; the caps are 1 MiB and 64 MiB."""
    make(tmp_path, ann_py="", bob_ipynb="", cat_py=b"#" * (1 << 20))
    os.truncate(tmp_path / "ann.py", 1 << 40)
    os.truncate(tmp_path / "bob.ipynb", 1 << 40)
    problems = [entry.problem for entry in discover(tmp_path, "toy")]
    assert ["ann.py is larger than 1 MiB", "bob.ipynb is larger than 64 MiB", ""] == problems


# ------------------------------------------------------------------------------------------------ names


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a\nb", "a\\nb"),
        ("a\u202eb", "a\\u202eb"),
        ("a\\nb", "a\\\\nb"),
        ("a\x1b[31m", "a\\x1b[31m"),
        ("José", "José"),
        ("学生", "学生"),
        ("<b>&'\"", "<b>&'\""),
        ("a\u200bb", "a\\u200bb"),
        (os.fsdecode(b"a\xff"), "a\\udcff"),
    ],
)
def test_names_are_printable(tmp_path: Path, name: str, shown: str) -> None:
    """Newlines, direction marks, escapes and undecodable bytes are spelt out; what prints stays."""
    (tmp_path / f"{name}.py").write_text("x")
    (tmp_path / f"{name}2").mkdir()
    file, folder = discover(tmp_path, "toy")
    assert (shown, f"{shown}.py") == (file.student, file.file)
    assert f"{shown}2" == folder.student
    (file.student + file.file + folder.problem).encode()


@given(st.text(), st.text())
def test_different_names_stay_different(first: str, second: str) -> None:
    """No file name can pass for another student's."""
    assert (first == second) == (printable(first) == printable(second))
    assert printable(first).isprintable()


# ---------------------------------------------------------------------------------------------- Python files


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        ("x = 'é'".encode(), "x = 'é'"),
        ("x = 'é'".encode("utf-8-sig"), "x = 'é'"),
        (b"# coding: latin-1\nx = '\xe9'", "# coding: latin-1\nx = 'é'"),
        (b"#!/bin/python\n# -*- coding: cp1252 -*-\nx = '\x80'", "#!/bin/python\n# -*- coding: cp1252 -*-\nx = '€'"),
        ("# coding: gbk\nx = '学'".encode("gbk"), "# coding: gbk\nx = '学'"),
        (b"x = 1\r\ny = 2\r", "x = 1\r\ny = 2\r"),
        (b"\n\n# coding: latin-1\n", "\n\n# coding: latin-1\n"),
    ],
)
def test_python_is_decoded_as_python_does(data: bytes, text: str) -> None:
    """Byte order mark, cookie in the first two lines, else UTF-8."""
    assert text == python_text(data)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"x = '\xff'", "not valid UTF-8"),
        (b"# ascii\n" * 9 + b"\xe9", r"is not valid UTF-8 \(byte 72\)"),
        (b"# coding: ascii\n\xe9", "is not valid ASCII"),
        (b"# coding: klingon\n", "encoding that Python doesn't know"),
        (b"# coding: utf-7\n+AGE-", "not one of plain text"),
        (b"# coding: rot13\n", "not one of plain text|doesn't know"),
        (b"# coding: unicode_escape\n", "not one of plain text"),
        (b"# coding: punycode\n", "not one of plain text"),
        (b"# coding: idna\n", "not one of plain text"),
        (b"# coding: utf-16\n", "not one of plain text"),
        (b"# coding: cp037\n", "not one of plain text"),
        (b"# coding: ..os\n", "doesn't know"),
        (b"# coding: " + b"u" * 10_000 + b"\n", "doesn't know"),
        (b"\xef\xbb\xbf# coding: latin-1\n", "doesn't know"),
        ("x = 1".encode("utf-16"), "saved as UTF-16"),
        (b"x = 1\n\0\n", "NUL byte on line 2"),
    ],
)
def test_what_python_cannot_read_is_a_problem(tmp_path: Path, data: bytes, problem: str) -> None:
    """One sentence that says what to change; the digest is that of the bytes."""
    make(tmp_path, ann_py=data)
    with pytest.raises(NotGradableError, match=problem):
        python_text(data)
    assert hashlib.sha256(data).hexdigest() == only(tmp_path).digest
    assert only(tmp_path).problem.startswith("ann.py ")


@given(st.binary() | st.text().map(lambda text: text.encode("utf-8", "ignore")))
def test_any_bytes_are_text_or_a_problem(data: bytes) -> None:
    """Nothing but NotGradableError is ever raised, and what is read is what Python reads."""
    try:
        text = python_text(data)
    except NotGradableError:
        return
    text.encode()
    try:
        expected = ast.dump(ast.parse(data))
    except SyntaxError:
        with pytest.raises(SyntaxError):
            ast.parse(text)
    else:
        assert expected == ast.dump(ast.parse(text))


def test_code_is_not_parsed(tmp_path: Path) -> None:
    """A bomb for the parser is for the sandbox to meet."""
    make(tmp_path, ann_py="(" * 100_000, bob_py="-" * 1_000_000 + "1")
    assert ["", ""] == [entry.problem for entry in discover(tmp_path, "toy")]


# ------------------------------------------------------------------------------------------------ notebooks


def test_code_cells_in_order(tmp_path: Path) -> None:
    """Raw text with IPython's syntax, labelled by number; text and blank cells are passed over."""
    cells = [cell("# Title", "markdown"), cell(["%%time\n", "x = 1"]), cell("  \n"), cell("raw", "raw"), cell("!ls")]
    make(tmp_path, ann_ipynb=as_notebook(cells=cells))
    expected = (Cell("%%time\nx = 1", "toy.ipynb, cell 1"), Cell("!ls", "toy.ipynb, cell 3"))
    assert expected == only(tmp_path).cells


def test_nbformat_3(tmp_path: Path) -> None:
    """Worksheets, ``input`` for ``source``, a language for each cell."""
    old = {"cell_type": "code", "language": "python", "input": ["x = 1\n", "y"]}
    sheets = [{"cells": [old, old | {"language": "ruby"}]}, "damaged", {"cells": 3}, {"cells": [old | {"input": "z"}]}]
    make(tmp_path, ann_ipynb=json.dumps({"nbformat": 3, "metadata": {"name": "x"}, "worksheets": sheets}))
    assert ["x = 1\ny", "z"] == [found.text for found in only(tmp_path).cells]


def test_damaged_cells_are_left_out_with_a_note(tmp_path: Path) -> None:
    """Sources of any type but text, and cells that are none, don't cost the rest."""
    damaged = [cell(3), cell(None), cell(["x", 1]), cell({"a": 1}), {"cell_type": "code"}]
    make(tmp_path, ann_ipynb=as_notebook(cells=[*damaged, 7, None, [], {}, {"cell_type": 1}, cell("x = 1")]))
    assert (Cell("x = 1", "toy.ipynb, cell 6"),) == only(tmp_path).cells
    assert ("5 code cell(s) without a readable source were left out",) == only(tmp_path).notes


@pytest.mark.parametrize(
    "metadata",
    [
        None,
        [],
        "python",
        {},
        {"kernelspec": 1, "language_info": []},
        {"kernelspec": {"language": ["R"]}},
        {"kernelspec": {"name": "conda-env-x"}, "language_info": {"name": "python"}},
        {"kernelspec": {"language": "python3"}},
        {"language_info": {"name": "IPython"}},
        {"kernelspec": {"language": "R"}, "language_info": {"name": "python"}},
    ],
)
def test_odd_metadata_does_no_harm(metadata: Any) -> None:
    """Only a named other language is a problem."""
    assert 1 == len(read_cells(as_notebook("x", metadata=metadata).encode(), "toy.ipynb")[0])


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ("", "is empty"),
        (" \n", "is empty"),
        ("{", "breaks off or is damaged on line 1"),
        (as_notebook("x")[:-9], "breaks off"),
        ("x = 1", "breaks off or is damaged"),
        ("[]", "its JSON is no object"),
        ("3", "its JSON is no object"),
        ("{}", "no list of cells"),
        ('{"cells": {}}', "no list of cells"),
        ('{"cells": null, "worksheets": 1}', "no list of cells"),
        (as_notebook(), "holds no code"),
        (as_notebook("", " "), "holds no code"),
        (as_notebook(3), "holds no code cell that can be read"),
        (as_notebook("x", metadata={"kernelspec": {"language": "R"}}), "is written for R, not for Python"),
        (as_notebook("x", metadata={"language_info": {"name": "\u202e" * 99}}), "is written for .{40}, not for Python"),
        ("[" * 1_000_000, "nested too deeply"),
        ('{"cells":' * 100_000, "nested too deeply"),
        ('{"a":' + "[" * 900 + "1" * 9000, "breaks off|nested too deeply"),
        (as_notebook("x" * (1 << 20), "y"), "holds more than 1 MiB of code"),
        (as_notebook(*["é" * 600_000]), "holds more than 1 MiB of code"),
        (as_notebook(*[""] * 10_001), "holds more than 10000 code cells"),
    ],
)
def test_what_is_no_notebook_is_a_problem(data: str, problem: str) -> None:
    """One sentence, whatever is wrong."""
    with pytest.raises(NotGradableError, match=problem):
        read_cells(data.encode(), "toy.ipynb")


def test_a_notebook_that_is_not_utf_8_is_a_problem() -> None:
    """Nor is UTF-16 read: the guard against too many values counts bytes."""
    for data in (b"\xff{}", as_notebook("x").encode("utf-16")):
        with pytest.raises(NotGradableError, match="not valid UTF-8"):
            read_cells(data, "toy.ipynb")


def test_too_many_values_are_refused_before_they_are_built(monkeypatch: pytest.MonkeyPatch) -> None:
    """Values are counted outside strings only, so that long outputs are fine and no quoting hides a bomb."""
    monkeypatch.setattr(notebook, "MAX_VALUES", 1_000)
    text = '[{,"\\' * 5_000
    assert 1 == len(read_cells(as_notebook("x", metadata={"long": text}).encode(), "toy.ipynb")[0])
    for bomb in ("[" + "[]," * 2_000, '{"a": "\\\\", "b": [' + "[]," * 2_000, '["' + '","' * 3_000):
        with pytest.raises(NotGradableError, match="too many values"):
            read_cells(bomb.encode(), "toy.ipynb")


def test_huge_numbers_and_odd_constants_are_no_problem() -> None:
    """An execution count of a million digits, NaN and Infinity are never computed."""
    data = as_notebook("x").replace('"execution_count": null', '"execution_count": ' + "9" * 1_000_000)
    data = data.replace('"nbformat": 4', '"nbformat": NaN, "a": -Infinity, "b": 1e999999999')
    assert (Cell("x", "toy.ipynb, cell 1"),) == read_cells(data.encode(), "toy.ipynb")[0]


def test_half_a_surrogate_pair_is_replaced() -> None:
    """It could not be sent to a worker; a whole pair is one character."""
    cells, notes = read_cells(as_notebook("x = '\ud800\U0001f600'").encode(), "toy.ipynb")
    assert "x = '\ufffd\U0001f600'" == cells[0].text
    assert ("1 code cell(s) hold half a surrogate pair, replaced by U+FFFD",) == notes


def test_nul_bytes_reach_the_worker() -> None:
    """Only the cell that holds one is lost, and not here."""
    assert "x\0" == read_cells(as_notebook("x\0", "y").encode(), "toy.ipynb")[0][0].text


def test_a_byte_order_mark_and_control_characters_are_accepted() -> None:
    """What some editors leave in a file is no reason to refuse it."""
    data = b"\xef\xbb\xbf" + as_notebook("x\ty").replace("\\t", "\t").encode()
    assert "x\ty" == read_cells(data, "toy.ipynb")[0][0].text


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["code", "python"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["cells", "cell_type", "source", "metadata", "worksheets", "input", "language"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@settings(max_examples=300)
@given(st.fixed_dictionaries({"cells": ANYTHING}) | st.fixed_dictionaries({"worksheets": ANYTHING}) | ANYTHING)
def test_any_json_is_cells_or_a_problem(value: Any) -> None:
    """Wrong types at any level raise nothing but NotGradableError, and all text can be sent on."""
    try:
        cells, notes = read_cells(json.dumps(value).encode(), "toy.ipynb")
    except NotGradableError as problem:
        str(problem).encode()
    else:
        assert cells
        "".join(found.text for found in cells).encode()
        assert all(isinstance(note, str) for note in notes)


@given(st.data())
def test_a_damaged_notebook_is_cells_or_a_problem(data: st.DataObject) -> None:
    """Bytes replaced anywhere in a valid notebook."""
    raw = bytearray(as_notebook("x = 1", "y = '\u00e9'").encode())
    for _ in range(data.draw(st.integers(1, 8))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        read_cells(bytes(raw), "toy.ipynb")
    except NotGradableError as problem:
        str(problem).encode()
