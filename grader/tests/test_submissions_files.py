"""Reading what students handed in: links, pipes, names, and Python in any encoding."""

from __future__ import annotations

import ast
import hashlib
import os
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.autograde.files import NotGradableError, printable, python_text
from grader.autograde.submissions import discover
from grader.tests.handed_in import make, only, students

needs_fifo = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")


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
