"""Which messages only say again what the check above said."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from grader.core.grade import CheckGrade

AS_ABOVE = "as above"


def repeated(checks: Sequence[CheckGrade]) -> frozenset[str]:
    """The ids of those whose message, of several lines, is that of the check before them, of the same task.

    ``checks`` are in the order in which they are shown. What a stub says, it says once a task.
    """
    return frozenset(
        check.id
        for before, check in pairwise(checks)
        if "\n" in check.message and (before.task, before.message) == (check.task, check.message)
    )
