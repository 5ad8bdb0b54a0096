"""The next hint of a task: each time a stronger one."""

from __future__ import annotations

import msgspec

from grader.core.errors import CourseError
from grader.core.memory import Memory
from grader.core.topic import Topic


class Hint(msgspec.Struct, frozen=True):
    """One of a task's hints; ``number`` counts from 1 to ``of``, and ``again`` says it was shown before."""

    task: str
    text: str
    number: int
    of: int
    again: bool


def next_hint(exercise: Topic, task: str, memory: Memory) -> Hint:
    """The hint after those shown, remembered as shown; the strongest again after the last.

    CourseError if there is no such task, or it has no hints.
    """
    hints = exercise.task(task).hints
    if not hints:
        raise CourseError(
            f"{task} has no hints: its docstring and exercises/{exercise.slug}/README.md say all there is"
        )
    # The number comes from a file that anything may have been written to.
    shown = min(max(memory.read(exercise.slug).hints.get(task, 0), 0), len(hints))
    again = shown == len(hints)
    number = shown if again else shown + 1
    if not again:
        memory.remember_hint(exercise.slug, task, number)
    return Hint(task, hints[number - 1], number, len(hints), again)
