"""From the cells that were run to feedback: they are checked as a handed-in notebook is, in a process of their own."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from grader.core.course import course_root, open_exercise
from grader.core.errors import CourseError, GraderError
from grader.core.grade import Graded
from grader.core.memory import Checked, Memory
from grader.core.topic import Topic
from grader.core.work import cell_digests, digest_of, missing_words, work_file
from grader.notebooks.feedback import Feedback

_DEFINED = re.compile(r"^(?:async\s+def|def|class)\s+(\w+)", re.MULTILINE)


def check(topic: str, task: str = "") -> Feedback:
    """Run the public checks of ``topic``, or of one task of it.

    In a notebook on the cells run so far, elsewhere on the student's file. Never raises: what goes wrong is said.
    """
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return check_cells(topic, task, shell)


def check_cells(topic: str, task: str, shell: Any) -> Feedback:
    """The same for the cells that the IPython ``shell`` has run; without one, for the student's file."""
    try:
        root = course_root()
        exercise = open_exercise(topic, root)
        if task:
            exercise.task(task)
        file = work_file(exercise)
        digest = digest_of(file)
        cells: list[str] = []
        if shell is not None:
            cells = history_cells(shell.history_manager.input_hist_raw)
            graded = _graded_cells(exercise, cells)
        elif file.is_file():
            graded = _graded(exercise, file)
        else:
            raise CourseError(missing_words(exercise, root))
    except GraderError as error:
        return Feedback(None, topic, problem=str(error))
    checked = Checked.of(graded.grade, digest, cell_digests(cells))
    return Feedback(_remembered(graded, exercise, checked, Memory(root)), exercise.config.title, task)


def _remembered(graded: Graded, exercise: Topic, checked: Checked, memory: Memory) -> Graded:
    """Remember ``checked``, as ``course check`` does."""
    memory.remember_check(exercise.slug, checked)
    notes = (*graded.evidence.notes, *memory.notes)
    return msgspec.structs.replace(graded, evidence=msgspec.structs.replace(graded.evidence, notes=notes))


def history_cells(history: Sequence[str]) -> list[str]:
    """What was run, without definitions that a later cell replaced."""
    cells = [text for text in history if text.strip()]
    kept = []
    for number, text in enumerate(cells):
        defined = set(_DEFINED.findall(text))
        later = {name for other in cells[number + 1 :] for name in _DEFINED.findall(other)}
        if not defined or defined - later:
            kept.append(text)
    return kept


def _graded_cells(exercise: Topic, cells: Sequence[str]) -> Graded:
    notebook = {
        "cells": [{"cell_type": "code", "metadata": {}, "source": text} for text in cells],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    with tempfile.TemporaryDirectory(prefix="grader-") as folder:
        # The folder's name is shown as whose work it is, as that of the exercise's own folder is.
        file = Path(folder) / exercise.slug / f"{exercise.slug}.ipynb"
        file.parent.mkdir()
        file.write_text(json.dumps(notebook), encoding="utf-8")
        return _graded(exercise, file)


def _graded(exercise: Topic, file: Path) -> Graded:
    """The grade of ``file``; GraderError if the checks can't be run."""
    # A process of its own: pytest can't be run twice over in a kernel that goes on afterwards.
    ran = subprocess.run(
        [sys.executable, "-P", "-m", "grader.notebooks.child", str(exercise.path), str(file)],
        capture_output=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    try:
        return msgspec.json.decode(ran.stdout, type=Graded)
    except msgspec.MsgspecError:
        said = ran.stderr.decode("utf-8", "replace").strip().splitlines()
        raise GraderError(said[-1] if said else "the checks could not be run") from None
