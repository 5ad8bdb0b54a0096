"""Checking one exercise, remembering what came of it, and saying so: what ``check`` and ``watch`` share."""

from __future__ import annotations

from pathlib import Path

from grader.autograde.local import Check
from grader.core.course import course_root
from grader.core.errors import CourseError
from grader.core.grade import Graded
from grader.core.memory import Checked, Memory
from grader.core.topic import Topic, find_topics
from grader.core.verdict import Verdict
from grader.core.work import digest_of
from grader.report.text import printed


def all_exercises() -> tuple[Path, list[Topic]]:
    """The course's folder and its exercises in syllabus order; CourseError if there are none."""
    root = course_root()
    exercises = find_topics(root / "exercises")
    if not exercises:
        raise CourseError(f"{root} holds no exercises/: change to the folder of the course you were given")
    return root, exercises


def check_and_remember(exercise: Topic, file: Path, check: Check, memory: Memory) -> Graded:
    """Run the checks on the student's own ``file`` and remember the result."""
    digest = digest_of(file)
    graded = check(file)
    memory.remember_check(exercise.slug, Checked.of(graded.grade, digest))
    return graded


def all_passed(graded: Graded) -> bool:
    """Whether there is nothing left to mend."""
    return graded.grade.gradable and all(check.verdict is Verdict.PASSED for check in graded.grade.checks)


def first_failure(graded: Graded) -> str:
    """The first check that fails, with all that can be said about it; what stands in the way if none could be run."""
    grade = graded.grade
    check = next((check for check in grade.checks if check.verdict is not Verdict.PASSED), None)
    if check is None:
        return "\n".join(grade.flags)
    lines = [f"✗ {check.title} ({check.task})", check.message]
    outcome = next((found for found in graded.evidence.outcomes if found.check == check.id), None)
    if outcome is not None and outcome.verdict is Verdict.RAISED and outcome.detail:
        lines.append(f"\n{outcome.detail}")
    if graded.evidence.output:
        lines.append(f"\n{printed(graded.evidence.output)}")
    return "\n".join(lines)
