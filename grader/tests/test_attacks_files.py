"""Broken, odd and booby-trapped files, notebooks and archives, handed in by a class and graded by one command.

They are made here, since no repository can hold them: links, pipes, names that are no text, bombs.
"""

from __future__ import annotations

import io
import json
import os
import socket
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.core.grade import Grade
from grader.release.notebook import make_notebook
from grader.tests.classroom import program, toy_course, untimed
from grader.tests.toy import RIGHT

SECRET = "CANARY-0123456789abcdef"
TASKS = ["double", "total", "Counter"]

Build = Callable[[Path], None]


def holds(content: bytes | str) -> Build:
    """A file with this content."""

    def build(path: Path) -> None:
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    return build


def links_to(target: str) -> Build:
    """A symbolic link; ``{secret}`` in its target is the secret file."""
    return lambda path: path.symlink_to(target.format(secret=path.parents[1] / "secret.py"))


def sparse(size: int) -> Build:
    """A file of this size that takes no room."""

    def build(path: Path) -> None:
        path.touch()
        os.truncate(path, size)

    return build


def listens(path: Path) -> None:
    """A socket's file."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))


def notebook(*cells: Any, **fields: Any) -> str:
    """A notebook whose cells, and whatever else, are as given."""
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)} | fields)


def code(source: Any) -> dict[str, Any]:
    """A code cell."""
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None}


def zipped(names: list[str], size: int = 10) -> bytes:
    """An archive with files of these names."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, b"0" * size)
    return data.getvalue()


def zipped_link(name: str, target: str) -> bytes:
    """An archive with one link in it."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        entry = zipfile.ZipInfo(name)
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, target)
    return data.getvalue()


def tarred(name: str, target: str) -> bytes:
    """An archive with one link in it."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as archive:
        entry = tarfile.TarInfo(name)
        entry.type, entry.linkname = tarfile.SYMTYPE, target
        archive.addfile(entry)
    return data.getvalue()


NOTEBOOK = make_notebook(RIGHT, "# By somebody", "toy", TASKS)
CALLED = RIGHT.replace("import numpy as np", "import numpy as np\nprint(input)")

FILES: dict[str, tuple[Build, float]] = {
    # Encodings, bytes, sizes.
    "empty.py": (holds(b""), 0),
    "nul.py": (holds(RIGHT + "\0"), 0),
    "binary.py": (holds(bytes(range(256)) * 50), 0),
    "utf16.py": (holds(RIGHT.encode("utf-16")), 0),
    "utf7.py": (holds("# coding: utf-7\n" + RIGHT), 0),
    "rot13.py": (holds("# coding: rot13\n" + RIGHT), 0),
    "zlib.py": (holds("# coding: zlib\n" + RIGHT), 0),
    "unknown_coding.py": (holds("# coding: no-such\n" + RIGHT), 0),
    "two_codings.py": (holds("# coding: latin-1\n# coding: utf-8\n" + RIGHT), 30),
    "broken_utf8.py": (holds(RIGHT.encode() + b"# \xff\xfe"), 0),
    "latin1.py": (holds(b"# coding: latin-1\n# \xe9\n" + RIGHT.encode("latin-1", "replace")), 30),
    "bom.py": (holds(b"\xef\xbb\xbf" + RIGHT.encode()), 30),
    "utf32.py": (holds(RIGHT.encode("utf-32")), 0),
    "two_boms.py": (holds(b"\xef\xbb\xbf" * 2 + RIGHT.encode()), 0),
    "bom_and_latin1.py": (holds(b"\xef\xbb\xbf# coding: latin-1\n" + RIGHT.encode()), 0),
    "bom_inside.py": (holds(RIGHT + "\n\ufeffx = 1\n"), 0),
    "unicode_escape.py": (holds("# coding: unicode_escape\n" + RIGHT), 0),
    "coding_after_a_return.py": (holds("# x\r# coding: utf-7\r" + RIGHT), 0),
    "long_coding.py": (holds(f"# coding: {'a' * 100_000}\n{RIGHT}"), 0),
    "end_of_file_mark.py": (holds(RIGHT + "\x1a"), 0),
    "a_byte_too_long.py": (holds(RIGHT + "#" * ((1 << 20) + 1 - len(RIGHT.encode()))), 0),
    "dos.py": (holds(RIGHT.replace("\n", "\r\n")), 30),
    "old_mac.py": (holds(RIGHT.replace("\n", "\r")), 30),
    "no_last_line_end.py": (holds(RIGHT.rstrip("\n")), 30),
    "form_feeds.py": (holds("\f" + RIGHT.replace("\n\n\n", "\n\f\n\n")), 30),
    "huge.py": (sparse(2**40), 0),
    "long_line.py": (holds(f"{RIGHT}\nx = '{'x' * 900_000}'\n"), 30),
    "many_lines.py": (holds(RIGHT + "\n" * 900_000), 30),
    # Bombs for the parser.
    "parentheses.py": (holds("(" * 100_000), 0),
    "closed_parentheses.py": (holds("x = " + "(" * 5_000 + ")" * 5_000), 0),
    "operators.py": (holds("x = " + "-" * 500_000 + "1"), 0),
    "indentation.py": (holds("".join(" " * n + "if 1:\n" for n in range(200))), 0),
    "digits.py": (holds("x = " + "9" * 500_000), 0),
    "sum.py": (holds("x = " + "+".join(["1"] * 200_000)), 0),
    "attributes.py": (holds("x = a" + ".a" * 200_000), 0),
    "lambdas.py": (holds("x = " + "lambda: " * 3_000 + "1"), 0),
    "strings.py": (holds("x = (" + '"a"\n' * 200_000 + ")"), 0),
    "f_strings.py": (holds("x = " + 'f"{' * 50 + "1" + '}"' * 50), 0),
    "calls.py": (holds("x = a" + "()" * 50_000), 0),
    "shifted.py": (holds("x = 1 << 10**10\n" + RIGHT), 0),
    "conflict.py": (holds(RIGHT + "\n<<<<<<< HEAD\nx = 1\n=======\n>>>>>>> b\n"), 0),
    "byte_code.py": (holds(b"\xa7\r\r\n" + bytes(12) + b"\xe3" * 200), 0),
    "pickle.py": (holds(b"\x80\x04cos\nsystem\n(S'touch inbox'\ntR."), 0),
    "text.py": (holds("This is not Python, but a letter to whoever grades.\n"), 0),
    "markup.py": (holds("<script>alert(1)</script>\n"), 0),
    "patch.py": (holds("diff --git a/x b/x\n<<<<<<< HEAD\n"), 0),
    # What is no file.
    "link.py": (links_to("{secret}"), 0),
    "link_to_passwords.py": (links_to("/etc/passwd"), 0),
    "loop.py": (links_to("loop.py"), 0),
    "dangling.py": (links_to("nowhere"), 0),
    "device.py": (links_to("/dev/zero"), 0),
    "environment.py": (links_to("/proc/self/environ"), 0),
    "memory.ipynb": (links_to("/proc/self/mem"), 0),
    "standard_input.py": (links_to("/dev/stdin"), 0),
    "notebook_pipe.ipynb": (os.mkfifo, 0),
    "notebook_folder.ipynb": (os.mkdir, 0),
    "pipe.py": (os.mkfifo, 0),
    "socket.py": (listens, 0),
    "folder.py": (os.mkdir, 0),
    "linked_folder": (links_to("/"), 0),
    "nested": (lambda path: os.makedirs(path / "/".join("d" * 100)), 0),
    # Names.
    "<script>alert(1)</script>.py".replace("/", "\N{FRACTION SLASH}"): (holds(RIGHT), 30),
    '"><img src=x onerror=alert(1)>.py': (holds(RIGHT), 30),
    "x..%2f..%2fescape.py": (holds(RIGHT), 30),
    "x..\\..\\escape.py": (holds(RIGHT), 30),
    "-rf.py": (holds(RIGHT), 30),
    "$(touch inbox).py": (holds(RIGHT), 30),
    "a\nb\x1b[2J.py": (holds(RIGHT), 30),
    "\u202eyp.txt.py": (holds(RIGHT), 30),
    "Zoë Ångström 李.py": (holds(RIGHT), 30),
    "Zoe\u0308.py": (holds(RIGHT), 30),
    "\u2066x\u2069.py": (holds(RIGHT), 30),
    "\u200b\u200d.py": (holds(RIGHT), 30),
    "x\x9b31m.py": (holds(RIGHT), 30),
    "%s%n.py": (holds(RIGHT), 30),
    "results.json.py": (holds(RIGHT), 30),
    "'; DROP TABLE grades;--.py": (holds(RIGHT), 30),
    "CON.py": (holds(RIGHT), 30),
    "=cmd|calc!A1.py": (holds(RIGHT), 30),
    "{{7*7}}.py": (holds(RIGHT), 30),
    "n" * 200 + ".py": (holds(RIGHT), 30),
    " .py": (holds(RIGHT), 30),
    # Notebooks.
    "right.ipynb": (holds(NOTEBOOK), 30),
    "no_json.ipynb": (holds("{"), 0),
    "deep_json.ipynb": (holds("[" * 100_000), 0),
    "wide_json.ipynb": (holds("[" + "0," * 3_000_000 + "0]"), 0),
    "no_notebook.ipynb": (holds("[1, 2]"), 0),
    "no_cells.ipynb": (holds(notebook()), 0),
    "odd_cells.ipynb": (holds(notebook(None, 7, "x", {}, [], code(None), code(7), code([1, None]))), 0),
    "other_language.ipynb": (holds(notebook(code("x"), metadata={"kernelspec": {"language": "R"}})), 0),
    "surrogates.ipynb": (holds(notebook(code("x = '\ud800'"), code(RIGHT))), 30),
    "magics.ipynb": (holds(notebook(code("%%bash\ncat /etc/passwd"), code("!id\n%run x\n?x"), code(RIGHT))), 30),
    "raising_cells.ipynb": (holds(notebook(code("1/0"), code("def"), code(RIGHT), code("raise SystemExit"))), 30),
    "many_cells.ipynb": (holds(notebook(*[code("x = 1")] * 3_000, code(RIGHT))), 30),
    "fake_outputs.ipynb": (
        holds(notebook({**code("x"), "outputs": [{"data": {"text/html": "<script>"}}], "metadata": {"points": 99}})),
        0,
    ),
    "version_3.ipynb": (
        holds(json.dumps({"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "code", "input": RIGHT}]}]})),
        30,
    ),
    "version_99.ipynb": (holds(notebook(code(RIGHT), nbformat=99)), 30),
    "notebook_bom.ipynb": (holds("\ufeff" + notebook(code(RIGHT))), 30),
    "twice.ipynb": (holds(notebook(code(RIGHT)) * 2), 0),
    "cells_twice.ipynb": (holds(notebook(code(RIGHT))[:-1] + ', "cells": []}'), 0),
    "numbers.ipynb": (holds(notebook(code(RIGHT))[:-1] + f', "x": [NaN, 1e999999, {"9" * 100_000}]}}'), 30),
    "sources.ipynb": (holds(notebook(code({"text": RIGHT}), code([[RIGHT]]))), 0),
    "letters.ipynb": (holds(notebook(code(list(RIGHT)))), 30),
    "raw_cells.ipynb": (holds(notebook({**code(RIGHT), "cell_type": "raw"})), 0),
    "open_string.ipynb": (holds(notebook(code("'" * 3), code(RIGHT))), 30),
    "large_outputs.ipynb": (holds(notebook({**code(RIGHT), "outputs": [{"text": "x" * 5_000_000}]})), 30),
    "grade_cells.ipynb": (holds(notebook({**code(RIGHT), "metadata": {"nbgrader": {"points": 9999}}})), 30),
    "too_many_cells.ipynb": (holds(notebook(*[code("x = 1")] * 10_001, code(RIGHT))), 0),
    "python.ipynb": (holds(RIGHT), 0),
    "notebook.py": (holds(NOTEBOOK), 0),
    # Archives that pose as something else: nothing unpacks them.
    "bomb.py": (holds(zipped(["toy.py"], 10**8)), 0),
    "notebook_bomb.ipynb": (holds(zipped(["toy.ipynb"], 10**8)), 0),
    "traversal.py": (holds(zipped(["../../escape.py", "/tmp/escape.py", "C:\\escape.py"])), 0),
    "link_inside.py": (holds(tarred("toy.py", "/etc/passwd")), 0),
    "program_with_archive.py": (holds(RIGHT.encode() + zipped(["__main__.py"])), 0),
    "gzip.py": (holds(b"\x1f\x8b" + bytes(1000)), 0),
    # Honest ones with a sting.
    "shebang.py": (holds("#!/bin/rm -rf /\n" + RIGHT), 30),
    "prints.py": (holds(CALLED), 30),
}
"""What each student hands in, by file name, and what it earns."""

FOLDERS: dict[str, tuple[dict[str, Build], float]] = {
    "with_archive": ({"homework.zip": holds(zipped(["../../../escape.py"], 10**7))}, 0),
    "with_archive_of_links": ({"homework.zip": holds(zipped_link("toy.py", "/etc/passwd"))}, 0),
    "with_archive_of_archives": ({"homework.zip": holds(zipped(["inner.zip", "toy.zip"]))}, 0),
    "with_archive_bomb": ({"homework.zip": holds(zipped([f"{n}.py" for n in range(30)], 10**7))}, 0),
    "with_archive_of_packages": ({"homework.zip": holds(zipped(["numpy.py", "sitecustomize.py", ".git/config"]))}, 0),
    "with_broken_archive": ({"homework.zip": holds(zipped(["toy.py"])[:-30])}, 0),
    "with_archive_beside": ({"toy.py": holds(RIGHT), "homework.zip": holds(zipped(["toy.py"]))}, 30),
    "with_companions": (
        {"toy.py": holds(RIGHT), "conftest.py": holds("raise SystemExit"), "numpy.py": holds("raise SystemExit")},
        30,
    ),
    "with_tests": (
        {"toy.py": holds(RIGHT), "test_hidden.py": holds("def test_x(): pass"), "topic.toml": holds("points = 99")},
        30,
    ),
    "two_answers": ({"a.py": holds(RIGHT), "b.py": holds(RIGHT)}, 0),
    "linked_answer": ({"toy.py": links_to("/etc/passwd")}, 0),
    "piped_answer": ({"toy.py": os.mkfifo}, 0),
    "with_tar": ({"toy.py": holds(RIGHT), "homework.tar.gz": holds(tarred("toy.py", "/etc/passwd"))}, 30),
    "with_a_crowd": ({"toy.py": holds(RIGHT)} | {f"f{n}.txt": holds(b"") for n in range(1_500)}, 30),
    "with_a_linked_topic": ({"toy": links_to("../secret.py")}, 0),
    "with_broken_twin": ({"toy.py": holds(RIGHT), "toy.ipynb": holds("{")}, 30),
    "with_cache": ({"toy.py": holds(RIGHT), "toy.pyc": holds(bytes(100)), "sitecustomize.py": holds("1/0")}, 30),
    "with_git": ({"toy.py": holds(RIGHT), ".git": holds("gitdir: /"), ".env": holds("X=1")}, 30),
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, Grade]]]:
    """The folder, and each entry of the results by the first letters of its student's name as escaped."""
    folder = tmp_path_factory.mktemp("odd")
    toy_course(folder)
    (folder / "secret.py").write_text(f"x = {SECRET!r}\n{RIGHT}", encoding="utf-8")
    handed_in = folder / "class"
    handed_in.mkdir()
    for name, (build, _) in FILES.items():
        build(handed_in / name)
    for name, (files, _) in FOLDERS.items():
        (handed_in / name).mkdir()
        for file, build in files.items():
            build(handed_in / name / file)
    before = {path for path in folder.rglob("*") if "class" not in path.parts}
    ran = program("grader", folder, "grade", "toy", "class", "--out", "out", "--jobs", "2")
    assert 0 == ran.code, ran.err
    made = {path.relative_to(folder).parts[0] for path in folder.rglob("*")} - {
        path.relative_to(folder).parts[0] for path in before
    }
    assert {"out", "class"} >= made
    yield folder, untimed(folder / "out" / "results.json")["submissions"]


CASES = {**{name: points for name, (_, points) in FILES.items()}, **{name: p for name, (_, p) in FOLDERS.items()}}


@pytest.mark.parametrize("name", CASES, ids=lambda name: name.encode("unicode_escape").decode()[:40])
def test_whatever_is_handed_in_is_an_entry(graded: tuple[Path, Any], name: str) -> None:
    """With the points that it earns, and no fault of the grader's."""
    _, entries = graded
    file = name.encode("unicode_escape").decode() if not name.isprintable() else name.replace("\\", "\\\\")
    own = [entry for entry in entries if entry["file"] in (file, name) or entry["file"].split("/")[0] == file]
    assert 1 == len(own), [entry["file"] for entry in entries]
    (entry,) = own
    assert (CASES[name], 30) == (entry["score"], entry["max_score"]), entry["flags"]
    assert "INTERNAL_ERROR" not in {check["verdict"] for check in entry["checks"]}
    if entry["score"] == 0 and not entry["gradable"]:
        assert entry["flags"]


def test_nothing_of_the_class_gets_out(graded: tuple[Path, Any]) -> None:
    """No secret behind a link, no markup of a name, no file outside the output folder, one page for each."""
    folder, entries = graded
    pages = list((folder / "out" / "feedback").iterdir())
    assert 2 * len(entries) == len(pages)
    for page in [*pages, folder / "out" / "report.html", folder / "out" / "results.json"]:
        text = page.read_text(encoding="utf-8")
        assert SECRET not in text
        assert "root:x:0" not in text
        assert "\x1b" not in text
        if page.suffix == ".html":
            # The class report has two, ours: its data, and the program that the policy knows by its digest.
            assert text.count("<script") == (2 if page.name == "report.html" else 0)
            assert "<img src=x" not in text
            assert "default-src 'none'" in text
    assert [] == [path for path in folder.rglob("*escape*") if "class" not in path.parts and "out" not in path.parts]


def test_everybody_has_one_entry(graded: tuple[Path, Any]) -> None:
    """In the order of the names, none twice."""
    _, entries = graded
    students = [entry["student"] for entry in entries]
    assert sorted(set(students)) == students
