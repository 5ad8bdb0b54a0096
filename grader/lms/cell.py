"""``%points TOPIC TASK``: what a grade cell of an nbgrader notebook runs in a student's kernel.

The public checks run on what has been run in this kernel so far, in a process of their own. Grading never comes here:
``nbgrader autograde`` runs no kernel with this course's configuration, and without it this refuses to give points,
since a student's kernel could answer anything.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import msgspec

MAGIC = "%points"


class Tried(msgspec.Struct, frozen=True):
    """What the public checks of a task gave: the text to read, and the task's points by them alone."""

    text: str
    points: float


def load_ipython_extension(shell: Any) -> None:
    """Give ``shell`` the magic."""
    shell.register_magic_function(lambda line: points(line, shell.user_ns.get("In", [])), "line", "points")


def points(line: str, history: list[str]) -> float:
    """Try the public checks of the topic and task in ``line`` on the cells of ``history``, and print what they say."""
    if os.environ.get("NBGRADER_EXECUTION") == "autograde":
        raise RuntimeError("nbgrader_config.py of this course is not in use: run nbgrader in the course's own folder")
    slug, _, task = line.strip().partition(" ")
    cells = [{"cell_type": "code", "source": text} for text in history if MAGIC not in text or "def " in text]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{slug}.ipynb"
        file.write_bytes(msgspec.json.encode({"cells": cells, "nbformat": 4, "nbformat_minor": 5, "metadata": {}}))
        program = [sys.executable, "-m", "grader.lms.cell", slug, task.strip(), str(file)]
        done = subprocess.run(program, capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr.decode("utf-8", "replace").strip() or "the checks did not run")
    tried = msgspec.json.decode(done.stdout, type=Tried)
    print(tried.text)
    return tried.points


def main(slug: str, task: str, file: str) -> int:
    """Check ``file`` in a process of its own; what came of it goes to stdout as JSON."""
    from grader.autograde.local import check_file
    from grader.core.course import course_root, open_exercise
    from grader.core.errors import GraderError
    from grader.core.topic import read_topic
    from grader.report.text import task_text

    here = Path.cwd()
    try:
        beside = here.name == slug and (here / "topic.toml").is_file()
        topic = read_topic(here) if beside else open_exercise(slug, course_root())
        declared = topic.task(task)
        grade = check_file(topic, Path(file), debug=False).grade
    except GraderError as error:
        print(error, file=sys.stderr)
        return 2
    if grade.gradable and not any(check.task == task for check in grade.checks):
        tried = Tried(f"{task} has no public check: what it is worth is found when it is graded", declared.points)
    else:
        tried = Tried(task_text(grade, task), next(each.points for each in grade.tasks if each.name == task))
    sys.stdout.buffer.write(msgspec.json.encode(tried))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
