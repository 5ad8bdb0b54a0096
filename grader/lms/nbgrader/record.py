"""A class that ``grader grade`` graded, written where nbgrader keeps its own: its gradebook, and ``autograded/``.

After it formgrader shows the notebooks with points and comments, and ``nbgrader export`` and ``generate_feedback``
work. Manual scores and comments are never touched, and what did not change is not written again.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.utils import parse_utc
from sqlalchemy.exc import SAWarning

from grader.autograde.files import NotGradableError, read_regular
from grader.autograde.submissions import MAX_NOTEBOOK_BYTES
from grader.core.errors import GradebookError
from grader.core.grade import Grade, Results
from grader.core.whole import write_whole
from grader.lms.nbgrader.course import grade_id
from grader.lms.nbgrader.feedback import broken_tasks, comments, outputs
from grader.lms.nbgrader.master import released_cells
from grader.lms.nbgrader.repair import Released, repaired, shown, untouched
from grader.release.notebook import notebook_bytes

MAX_TIMESTAMP_BYTES = 200
NO_RESPONSE = "No response."
"""What nbgrader itself says of an answer that is as it was released."""


class _Assignment(msgspec.Struct, frozen=True):
    """What was released: the notebook's cells, and the files ``beside`` it, by their path."""

    cells: list[Released]
    beside: dict[Path, bytes]


class Recorded(msgspec.Struct, frozen=True):
    """How many students' entries were written, and how many were there already as they are."""

    written: int
    unchanged: int


def record_class(course: Path, submissions: Path, results: Results) -> Recorded:
    """Write ``results`` of what lies in ``submissions`` into the nbgrader course in folder ``course``.

    GradebookError if nbgrader never released the topic, or its gradebook or folders fail.
    """
    written = 0
    slug = results.topic
    try:
        with _quiet(), Gradebook(f"sqlite:///{course.resolve() / 'gradebook.db'}") as book:
            released = _Assignment(released_cells(book, slug, slug), _beside(course / "source" / slug))
            for grade in results.submissions:
                notebook, notes = repaired(_handed_in(submissions, grade), released.cells)
                unanswered = untouched(notebook, released.cells)
                handed_in = _timestamp(course / "submitted" / grade.student / slug)
                changed = _record(book, slug, grade, handed_in, unanswered)
                shown(notebook, outputs(grade), (*grade.flags, *(note for note in notes if note not in grade.flags)))
                changed |= _write_notebook(course, slug, grade.student, notebook, released)
                written += changed
    except GradebookError:
        raise
    except OSError as error:
        raise GradebookError(f"{error.filename} can't be written: {error.strerror}") from None
    except Exception as error:
        # nbgrader's API raises SQLAlchemy's errors and its own as they come.
        raise GradebookError(f"nbgrader's gradebook in {course} could not be written: {error}") from None
    return Recorded(written, len(results.submissions) - written)


@contextmanager
def _quiet() -> Iterator[None]:
    """Without what SQLAlchemy says of how nbgrader adds its rows: it warns for each, and all is well."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)
        yield


def _record(book: Any, slug: str, grade: Grade, handed_in: datetime | None, unanswered: frozenset[str]) -> bool:
    try:
        book.find_student(grade.student)
    except MissingEntry:
        book.add_student(grade.student)
    try:
        submission = book.find_submission(slug, grade.student)
        changed = handed_in is not None and submission.timestamp != handed_in
    except MissingEntry:
        changed = True
    if changed:
        book.update_or_create_submission(slug, grade.student, **({"timestamp": handed_in} if handed_in else {}))
    broken = broken_tasks(grade)
    for task in grade.tasks:
        entry = book.find_grade(grade_id(task.name), slug, slug, grade.student)
        # What is not known is left to a human: nbgrader takes a missing score for a manual one.
        points = None if task.name in broken else task.points
        if entry.auto_score != points or (
            entry.needs_manual_grade and entry.manual_score is None and points is not None
        ):
            entry.auto_score = points
            # As nbgrader does it: a manual score stands, and is to be looked at again.
            entry.needs_manual_grade = points is None or entry.manual_score is not None
            changed = True
    said = dict.fromkeys(unanswered, NO_RESPONSE) | comments(grade)
    for remark in book.find_submission_notebook(slug, slug, grade.student).comments:
        if remark.auto_comment != (text := said.get(remark.name)):
            remark.auto_comment = text
            changed = True
    book.db.commit()
    return changed


def _handed_in(submissions: Path, grade: Grade) -> bytes | None:
    """The notebook that was handed in, or one around a file of Python; None where it can't be read."""
    try:
        data = read_regular(str(submissions / grade.file), MAX_NOTEBOOK_BYTES)
    except NotGradableError:
        return None
    if grade.file.lower().endswith(".py"):
        return json.dumps({"cells": [{"cell_type": "code", "source": data.decode("utf-8", "replace")}]}).encode()
    return data


def _write_notebook(course: Path, slug: str, student: str, notebook: dict[str, Any], released: _Assignment) -> bool:
    """Write the student's notebook with the engine's outputs below ``autograded/``; whether it was another before."""
    content = notebook_bytes(notebook)
    folder = course / "autograded" / student / slug
    file = folder / f"{slug}.ipynb"
    with suppress(OSError):
        if file.read_bytes() == content:
            return False
    folder.mkdir(parents=True, exist_ok=True)
    # nbgrader's own are read-only; replacing one asks nothing of the file itself.
    write_whole(file, content)
    with suppress(NotGradableError):
        stamp = course / "submitted" / student / slug / "timestamp.txt"
        write_whole(folder / stamp.name, read_regular(str(stamp), MAX_TIMESTAMP_BYTES))
    for name, beside in released.beside.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write_whole(folder / name, beside)
    return True


def _beside(source: Path) -> dict[Path, bytes]:
    """What was released beside the notebook, such as the lesson's figures; nbgrader puts it beside what it grades."""
    files = (file for file in source.rglob("*") if file.is_file() and file.suffix != ".ipynb")
    found = ((file.relative_to(source), file) for file in files)
    return {
        name: file.read_bytes() for name, file in found if not any(part.startswith((".", "__")) for part in name.parts)
    }


def _timestamp(folder: Path) -> datetime | None:
    """When nbgrader collected it, by ``timestamp.txt``, in UTC; None where that is missing or says nothing."""
    try:
        text = read_regular(str(folder / "timestamp.txt"), MAX_TIMESTAMP_BYTES).decode("ascii").strip()
        found: datetime | None = parse_utc(text) if text else None
    except (NotGradableError, UnicodeDecodeError, ValueError, OverflowError):
        return None
    return found
