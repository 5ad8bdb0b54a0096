"""A class in nbgrader's folders, graded in parallel for nbgrader's own ``autograde``."""

from __future__ import annotations

from pathlib import Path

from grader.autograde.run import Plan, default_jobs, grade_class
from grader.core.grade import Grade, Graded
from grader.core.topic import Topic
from grader.sandbox.levels import chosen_level


class Silent:
    """Progress that nobody watches: nbgrader prints its own."""

    def start(self, total: int, reused: int) -> None:
        """Say nothing."""

    def advance(self, graded: Graded) -> None:
        """Say nothing."""


def grade_whole_class(topic: Topic, root: Path, sandbox: str) -> dict[str, Grade]:
    """Grade everybody in ``root/submitted`` and keep the reports in ``root/reports/<slug>``; grades by student.

    What was graded before and has not changed is taken from the gradebook there.
    """
    plan = Plan(
        topic=topic,
        submissions=root / "submitted",
        level=chosen_level(sandbox),
        jobs=default_jobs(),
        out=root / "reports" / topic.slug,
    )
    return {grade.student: grade for grade in grade_class(plan, Silent()).results.submissions}
