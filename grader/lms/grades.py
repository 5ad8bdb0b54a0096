"""What an export starts from: each topic's latest grades, out of the gradebook."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from grader.autograde.desk import Desk
from grader.core.errors import GradebookError
from grader.core.grade import Grade
from grader.core.judgement import Judgement
from grader.core.policy import Policy
from grader.gradebook import Gradebook

_NUMBER_AT_END = re.compile(r"[_(](\d+)\)?\Z")


class TopicGrades(msgspec.Struct, frozen=True):
    """A topic's grades in its latest run, by student's name; ``when`` is that run's start, in UTC."""

    topic: str
    when: datetime
    grades: Sequence[Grade]


def latest_grades(gradebook: str, policy: Policy, topics: Sequence[str] = ()) -> list[TopicGrades]:
    """The latest grades of ``topics``, or of all, with what was adjusted by hand and what ``policy`` takes.

    GradebookError if there is no gradebook, or nothing of a topic.
    """
    if "://" not in gradebook and not Path(gradebook).is_file():
        raise GradebookError(f"there is no gradebook at {gradebook}: grade something first, or name it by --gradebook")
    with Gradebook.open(gradebook) as book:
        desk = Desk(book, policy)
        latest = desk.latest()
        missing = [topic for topic in topics if topic not in latest]
        if missing or not latest:
            known = ", ".join(sorted(latest)) or "none"
            asked = f" of {', '.join(missing)}" if missing else ""
            raise GradebookError(f"the gradebook {gradebook} holds no grade{asked}; there are grades of: {known}")
        return [
            TopicGrades(topic, latest[topic].started, list(map(_final, desk.grades(latest[topic]))))
            for topic in (topics or sorted(latest))
        ]


def _final(grade: Grade) -> Grade:
    """The grade with the score that the student has in the end; its tasks and checks stay what the grader found."""
    if isinstance(grade.judgement, Judgement):
        return msgspec.structs.replace(grade, score=grade.judgement.final_score)
    return grade


def keys(student: str) -> tuple[str, ...]:
    """What a student may be called elsewhere: the name as it is, and the number that a download put at its end."""
    number = _NUMBER_AT_END.search(student)
    return (student.casefold(), number[1]) if number else (student.casefold(),)


def points(value: float) -> str:
    """Points as every system reads them: at most four decimals, none where none are needed."""
    return f"{value:.4f}".rstrip("0").rstrip(".")
