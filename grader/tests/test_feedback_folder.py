"""The folder that is sent to students: each one's files hold their own, what to read next, and nobody else's."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

from grader.tests.classroom import Command, hand_in, toy_course
from grader.tests.toy import RIGHT, right_but

WRONG = {
    "Zoë Quill": "def double(x):\n    return x * x  # mark_quill\n",
    "zoë quill": "def double(x):\n    mark_lower = x\n    return mark_lower.nothing\n",
    "Vera Ox": "def total(numbers):\n    print('mark_ox')\n    raise ValueError('mark_ox')\n",
    "O'Neil; DROP": "def total(numbers):\n    return 'mark_neil'\n",
    "Bruno & Bold": "def double(x):\n    return {'mark_bold': x}\n",
}
"""What each student changed, with a word that nobody else has."""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """The toy course and that class, each in a folder of their own name."""
    topic = toy_course(tmp_path)
    settings = (topic.path / "topic.toml").read_text(encoding="utf-8")
    settings = settings.replace('name = "double"\n', 'name = "double"\nsection = "Twice"\n')
    (topic.path / "topic.toml").write_text(settings, encoding="utf-8")
    hand_in(tmp_path / "class", {f"{name}/toy.py": right_but(text) for name, text in WRONG.items()})
    hand_in(tmp_path / "class", {"mark_file.py": RIGHT, "Xenia/toy.py": "def mark_broken(:\n"})
    return tmp_path


def test_nobody_reads_of_anybody_else(course: Path, grader: Command) -> None:
    """Of names and words of judgement; two students whose names differ in case have a file each."""
    assert grader(course, "grade", "toy", "class", "--sandbox", "none", "--jobs", "1").code == 0
    adjusted = grader(course, "adjust", "Vera Ox", "toy", "total", "+1", "--why", "mark_reason")
    assert adjusted.code == 0, adjusted.err
    assert grader(course, "report").code == 0
    assert grader(course, "publish").code == 0
    for folder in (course / "out" / "feedback", course / "out" / "published" / "toy" / "feedback"):
        pages = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
        students = sorted(path.name.removesuffix(".py") for path in (course / "class").iterdir())
        assert 2 * len(students) == len(pages) == len({name.lower() for name in pages})
        own = {name: [student for student in students if headed(text, student)] for name, text in pages.items()}
        assert all(len(found) == 1 for found in own.values()), own
        for name, text in pages.items():
            others = [student for student in students if student not in own[name]]
            marks = re.findall(r"mark_\w+", "".join(WRONG.get(student, "") for student in others))
            assert [] == [word for word in (*others, *marks) if word in html.unescape(text)], name
        marked = {name for name, text in pages.items() if "mark_reason" in text}
        assert {"Vera Ox.html", "Vera Ox.txt"} == marked
        quill = next(text for name, text in pages.items() if name.endswith(".txt") and headed(text, "Zoë Quill"))
        assert "“Twice” in the lesson, for double" in quill


def headed(text: str, student: str) -> bool:
    """Whether a page is this student's: by its heading, or by its first line."""
    plain = html.unescape(text)
    return f"<h1><bdi>{student}</bdi></h1>" in plain or f" · {student} · " in plain.splitlines()[0]
