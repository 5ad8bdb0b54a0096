"""What a student's own file proves: whether it was worked on since a moment, and how its checks go now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import msgspec

from course.checks.progress import count_checks
from grader.core.memory import Memory
from grader.core.topic import Topic
from grader.core.work import digest_of, work_file

COARSE: Final = timedelta(seconds=2)
"""Some file systems keep the time of a change no finer."""


class Proof(msgspec.Struct, frozen=True):
    """How many public checks the file passes as it is now, of how many."""

    passed: int
    of: int


def proved(
    exercise: Topic, memory: Memory, since: datetime | None, task: str, check: Callable[[], object]
) -> Proof | None:
    """``check`` the file and count the checks of ``task``, or all where the task is empty or has none.

    None where nothing can be proved: the file was not saved after ``since``, or what was checked is another one.
    """
    file = work_file(exercise)
    if since is None or not _saved_since(exercise, since):
        return None
    check()
    checked = memory.read(exercise.slug).checked
    if checked is None or checked.digest != digest_of(file):
        return None
    if not checked.gradable:
        return Proof(0, count_checks(exercise))
    own = [one.passed for one in checked.checks if one.task == task] or [one.passed for one in checked.checks]
    return Proof(sum(own), len(own))


def _saved_since(exercise: Topic, moment: datetime) -> bool:
    try:
        changed = datetime.fromtimestamp(work_file(exercise).stat().st_mtime, moment.tzinfo)
    except (OSError, OverflowError, ValueError):
        return False
    return changed >= moment - COARSE
