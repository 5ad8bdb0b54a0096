"""How far a student is: one row a topic, from what was remembered and what the file looks like now."""

from __future__ import annotations

import ast
import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import msgspec

from grader.core.memory import Checked, Memory
from grader.core.topic import Topic
from grader.core.work import cell_digests, code_cells, digest_of, is_untouched, work_file

Standing = Literal["not started", "started", "changed", "done"]


class Row(msgspec.Struct, frozen=True):
    """A topic's progress. ``points`` are those of its public checks: hidden ones decide when the work is graded."""

    topic: str
    title: str
    standing: Standing
    tasks_done: int
    tasks: int
    checks_passed: int
    checks: int
    points: float
    max_points: float
    next_step: str

    @property
    def share(self) -> float:
        """Public checks passed, in [0, 1]."""
        return self.checks_passed / self.checks if self.checks else 0.0


def progress_rows(exercises: Sequence[Topic], memory: Memory) -> list[Row]:
    """A row for each exercise, in the order given."""
    return [progress_row(exercise, memory) for exercise in exercises]


def progress_row(exercise: Topic, memory: Memory) -> Row:
    """How far one exercise is."""
    checked = memory.read(exercise.slug).checked
    tasks = [task.name for task in exercise.config.tasks]
    # Cells that a notebook has run may not be saved yet.
    untouched = is_untouched(exercise) and not (checked is not None and checked.cells)
    if checked is None or untouched:
        passed, points, total, done_tasks = 0, 0.0, count_checks(exercise), 0
    else:
        passed = sum(check.passed for check in checked.checks)
        points, total = checked.points, len(checked.checks) or count_checks(exercise)
        by_task = {task: [check.passed for check in checked.checks if check.task == task] for task in tasks}
        done_tasks = sum(bool(own) and all(own) for own in by_task.values())
    standing: Standing = "started"
    if untouched:
        standing = "not started"
    elif checked is None or not _is_current(checked, work_file(exercise)):
        standing = "changed"
    elif checked.done:
        standing = "done"
    return Row(
        topic=exercise.slug,
        title=exercise.config.title,
        standing=standing,
        tasks_done=done_tasks,
        tasks=len(tasks),
        checks_passed=passed,
        checks=total,
        points=points,
        max_points=exercise.points,
        next_step=_next_step(exercise, standing, memory),
    )


def _is_current(checked: Checked, file: Path) -> bool:
    """Whether ``file`` is still what was checked, or a notebook of the cells that were."""
    if checked.digest == digest_of(file):
        return True
    cells = code_cells(file) if checked.cells and file.suffix == ".ipynb" else []
    return bool(cells) and set(cell_digests(cells)) <= set(checked.cells)


def next_topic(rows: Sequence[Row], after: str = "") -> str | None:
    """The first topic that is not done, counted from the one after ``after`` and round; None if all others are."""
    names = [row.topic for row in rows]
    start = names.index(after) + 1 if after in names else 0
    ordered = [*rows[start:], *rows[:start]]
    return next((row.topic for row in ordered if row.standing != "done" and row.topic != after), None)


def first_open_task(exercise: Topic, memory: Memory) -> str:
    """The first task that a check failed, or that has not been checked; the first one if all is done."""
    checked = memory.read(exercise.slug).checked
    names = [task.name for task in exercise.config.tasks]
    if checked is not None:
        for name in names:
            own = [check.passed for check in checked.checks if check.task == name]
            if own and not all(own):
                return name
    return names[0]


def count_checks(exercise: Topic) -> int:
    """How many public checks an exercise has, read from its suite without running it."""
    try:
        return _count((exercise.path / "test_public.py").read_text(encoding="utf-8"))
    except (OSError, SyntaxError, ValueError, RecursionError):
        return 0


# Parsing eighteen suites takes most of the time that the site's home page takes.
@functools.lru_cache(maxsize=128)
def _count(suite: str) -> int:
    return sum(isinstance(node, ast.FunctionDef) and node.name.startswith("test_") for node in ast.parse(suite).body)


def _next_step(exercise: Topic, standing: Standing, memory: Memory) -> str:
    slug = exercise.slug
    if standing == "not started":
        return f"read exercises/{slug}/README.md"
    if standing == "changed":
        return f"course check {slug}"
    return "hand it in" if standing == "done" else f"course hint {slug} {first_open_task(exercise, memory)}"
