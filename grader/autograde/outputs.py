"""What a run leaves in its folder: ``results.json``, one feedback a student as HTML and text, ``report.html``."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from grader.core.errors import GraderError
from grader.core.grade import Graded, Results
from grader.core.whole import remove_partial, write_whole
from grader.report.classdata import ClassTopic, Course, read_course
from grader.report.classpage import class_html
from grader.report.html import feedback_html
from grader.report.reading import NO_READING, Reading
from grader.report.results import results_pieces
from grader.report.text import grade_text

_UNSAFE = re.compile(r"[^\w .@+-]")
LONGEST_NAME = 100


class FeedbackFolder:
    """``OUT/feedback``, or a folder ``below`` it: names are made safe, and no two students share one."""

    def __init__(self, out: Path, title: str, below: str = "", reading: Reading = NO_READING) -> None:
        self._folder = out / "feedback" / below
        self._title = title
        self._reading = reading
        self._owners: dict[str, str] = {}
        _make(self._folder)
        remove_partial(self._folder)

    def write(self, graded: Graded) -> None:
        """Write ``<student>.html`` and ``<student>.txt``."""
        grade = graded.grade
        name = self._name(grade.student)
        write_text(self._folder / f"{name}.html", feedback_html(grade, self._title, graded.evidence, self._reading))
        write_text(self._folder / f"{name}.txt", grade_text(grade, self._title, self._reading))

    def _name(self, student: str) -> str:
        name = safe_name(student)
        # Upper and lower case are one file name on some systems.
        owner = self._owners.setdefault(name.lower(), student)
        if owner != student:
            name = f"{name}-{hashlib.sha256(student.encode('utf-8', 'replace')).hexdigest()[:8]}"
        return name


def safe_name(student: str) -> str:
    """A file name for ``student``: letters, digits and a few signs stay, all else becomes ``_``; never a path."""
    name = _UNSAFE.sub("_", unicodedata.normalize("NFC", student)).strip(". ")[:LONGEST_NAME]
    return name or "_"


def write_results(out: Path, results: Results) -> Path:
    """Write ``results.json``; returns its path."""
    return write_pieces(out / "results.json", results_pieces(results))


def write_class_report(out: Path, topics: Iterable[ClassTopic], roster: Iterable[str] = ()) -> Path:
    """Write ``report.html``, reading one topic after another; returns its path. ``roster``: who may be missing."""
    return write_course_report(out, read_course(topics, roster))


def write_course_report(out: Path, course: Course) -> Path:
    """Write ``report.html`` over a course that is read already; returns its path."""
    return write_text(out / "report.html", class_html(course))


def write_text(path: Path, text: str) -> Path:
    """Write a whole file or none; GraderError if it can't be."""
    return write_pieces(path, [text])


def write_pieces(path: Path, pieces: Iterable[str]) -> Path:
    """As ``write_text``, from its pieces."""
    try:
        write_whole(path, (piece.encode("utf-8", "backslashreplace") for piece in pieces))
    except OSError as error:
        raise GraderError(f"{path} can't be written: {error.strerror}; give another folder by --out") from None
    return path


def make_out(out: Path) -> Path:
    """The output folder, made if it is missing; GraderError if it can't be."""
    _make(out)
    return out


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise GraderError(f"{folder} can't be made: {error.strerror}; give another folder by --out") from None
