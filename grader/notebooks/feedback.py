"""What a check says in a notebook: as HTML where that can be shown, as text elsewhere."""

from __future__ import annotations

import msgspec

from grader.core.grade import CheckGrade, Graded
from grader.core.verdict import Verdict
from grader.report.html import fragment_html
from grader.report.text import grade_text, told_beside


class Feedback:
    """The result of a check; ``problem`` is said in its place where there is none."""

    def __init__(self, graded: Graded | None, title: str = "", task: str = "", problem: str = "") -> None:
        self._graded = _only(graded, task) if graded is not None else None
        self._title = title
        self._problem = problem

    @property
    def passed(self) -> bool:
        """Whether there is nothing left to mend."""
        if self._graded is None or not self._graded.grade.gradable:
            return False
        return all(check.verdict is Verdict.PASSED for check in self._graded.grade.checks)

    @property
    def checks(self) -> tuple[CheckGrade, ...]:
        """The checks, with verdict and message."""
        return self._graded.grade.checks if self._graded is not None else ()

    def __repr__(self) -> str:
        if self._graded is None:
            return self._problem
        return "\n\n".join([grade_text(self._graded.grade, self._title).rstrip(), *told_beside(self._graded)])

    def _repr_html_(self) -> str:
        if self._graded is None:
            return fragment_html(None, self._title, self._problem)
        return fragment_html(self._graded, self._title)


def _only(graded: Graded, task: str) -> Graded:
    """The part of a grade that concerns ``task``; all of it where none is named."""
    if not task:
        return graded
    tasks = tuple(found for found in graded.grade.tasks if found.name == task)
    grade = msgspec.structs.replace(
        graded.grade,
        tasks=tasks,
        checks=tuple(check for check in graded.grade.checks if check.task == task),
        score=sum(found.points for found in tasks),
        max_score=sum(found.max_points for found in tasks),
    )
    shown = {check.id for check in grade.checks}
    outcomes = tuple(outcome for outcome in graded.evidence.outcomes if outcome.check in shown)
    evidence = msgspec.structs.replace(graded.evidence, outcomes=outcomes)
    return msgspec.structs.replace(graded, grade=grade, evidence=evidence)
