"""Submissions that are the same to the byte, such as untouched stubs: graded once, for all who handed them in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import msgspec

from grader.autograde.submissions import Submission
from grader.core.grade import Graded
from grader.core.verdict import Verdict

Grading = Callable[[Sequence[Submission]], Iterator[Graded]]
"""Grades submissions of different students, as they finish."""


def grade_once(submissions: Sequence[Submission], grade: Grading) -> Iterator[Graded]:
    """A grade for each submission, as they finish; ``grade`` is given one of those that are the same."""
    alike: dict[object, list[Submission]] = {}
    for submission in submissions:
        alike.setdefault(_work(submission), []).append(submission)
    others = {first.student: rest for first, *rest in alike.values()}
    again: list[Submission] = []
    for graded in grade([same[0] for same in alike.values()]):
        yield graded
        rest = others[graded.grade.student]
        if is_broken(graded):
            # That was our doing: each of the others has a chance of its own.
            again += rest
        else:
            yield from (_of_another(graded, submission) for submission in rest)
    if again:
        yield from grade(again)


def is_broken(graded: Graded) -> bool:
    """Whether the grader itself broke on a submission."""
    return any(check.verdict is Verdict.INTERNAL_ERROR for check in graded.grade.checks)


def _work(submission: Submission) -> object:
    """All that a grade depends on."""
    return submission.digest, submission.cells, submission.notebook, submission.problem, submission.notes


def _of_another(graded: Graded, submission: Submission) -> Graded:
    grade = msgspec.structs.replace(graded.grade, student=submission.student, file=submission.file)
    return msgspec.structs.replace(graded, grade=grade)
