"""The process behind a kernel's grade cells: ``python -m grader.lms.cell_child TOPIC``.

Opens the topic's public suite once, answers what is asked on stdin, a line each, and ends when stdin does. One sentence
on stderr if it can't.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import msgspec

from grader.autograde.local import Check, open_checks
from grader.core.course import course_root, open_exercise
from grader.core.errors import GraderError
from grader.core.topic import Topic, read_topic
from grader.lms.cell import Asked, Tried
from grader.report.text import task_text


def main(slug: str) -> int:
    """Serve the topic that lies here, as it does beside a released notebook, or else the exercise called ``slug``."""
    # Whatever prints here must not be taken for an answer.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def serve(topic: Topic, check: Check) -> None:
        for line in sys.stdin.buffer:
            try:
                answer = tried(topic, check, msgspec.json.decode(line, type=Asked))
            except GraderError as error:
                answer = Tried("", problem=str(error))
            answers.write(msgspec.json.encode(answer) + b"\n")
            answers.flush()

    here = Path.cwd()
    try:
        beside = here.name == slug and (here / "topic.toml").is_file()
        topic = read_topic(here) if beside else open_exercise(slug, course_root())
        open_checks(topic, lambda check: serve(topic, check), ahead=True)
    except GraderError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def tried(topic: Topic, check: Check, asked: Asked) -> Tried:
    """What the public checks of a task say of the cells that were run; GraderError if there is no such task."""
    declared = topic.task(asked.task)
    cells = [{"cell_type": "code", "source": text} for text in asked.cells]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{topic.slug}.ipynb"
        file.write_bytes(msgspec.json.encode({"cells": cells, "nbformat": 4, "nbformat_minor": 5, "metadata": {}}))
        grade = check(file).grade
    if grade.gradable and not any(each.task == asked.task for each in grade.checks):
        return Tried(f"{asked.task} has no public check: what it is worth is found when it is graded", declared.points)
    earned = next((each.points for each in grade.tasks if each.name == asked.task), 0.0)
    return Tried(task_text(grade, asked.task), earned)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
