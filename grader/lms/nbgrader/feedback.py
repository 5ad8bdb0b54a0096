"""What a grade says in a notebook: the output of each grade cell, in which nbgrader looks for the points."""

from __future__ import annotations

from typing import Any

from grader.core.errors import GraderError
from grader.core.grade import Grade, TaskGrade
from grader.core.verdict import Verdict
from grader.lms.nbgrader.course import grade_id, solution_id
from grader.report import plain
from grader.report.text import task_text


def outputs(grade: Grade) -> dict[str, list[dict[str, Any]]]:
    """For each grade cell: what a student may read about the task, then its points as the cell's result."""
    return {grade_id(task.name): _output(grade, task) for task in grade.tasks}


def broken_tasks(grade: Grade) -> tuple[str, ...]:
    """The tasks in which the grader itself broke: their points are not known."""
    return tuple(dict.fromkeys(check.task for check in grade.checks if check.verdict is Verdict.INTERNAL_ERROR))


def refuse_broken(grade: Grade) -> None:
    """GraderError if the grader broke on this submission: nbgrader knows no such thing, and would take points."""
    if broken := broken_tasks(grade):
        raise GraderError(
            f"the grader broke on {', '.join(broken)} of {plain.line(grade.student)}: no points were written; "
            "mend the suite and grade again"
        )


def comments(grade: Grade) -> dict[str, str]:
    """The comments by solution cell, in Markdown, as nbgrader shows them.

    What was odd about the file stands at the first task, named mistakes where points went.
    """
    names = [each.name for each in grade.tasks]
    said: dict[str, list[str]] = {}
    for task, lines in (
        (names[:1], grade.flags),
        (_losing(grade)[:1], [mistake.hint for mistake in grade.mistakes]),
    ):
        for name in task:
            said.setdefault(solution_id(name), []).extend(map(plain.markdown, lines))
    return {name: "\n\n".join(lines) for name, lines in said.items() if lines}


def _losing(grade: Grade) -> list[str]:
    return [each.name for each in grade.tasks if each.points < each.max_points]


def _output(grade: Grade, task: TaskGrade) -> list[dict[str, Any]]:
    text = task_text(grade, task.name)
    if task.name in _losing(grade)[:1]:
        text += "".join(f"Likely mistake: {plain.line(mistake.hint)}\n" for mistake in grade.mistakes)
    return [
        {"output_type": "stream", "name": "stdout", "text": text},
        {
            "output_type": "execute_result",
            "execution_count": None,
            "data": {"text/plain": repr(task.points)},
            "metadata": {},
        },
    ]
