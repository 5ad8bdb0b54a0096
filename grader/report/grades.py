"""Course grades as plain text."""

from __future__ import annotations

from collections.abc import Sequence

from grader.core.final import CourseGrade
from grader.report import plain
from grader.report.text import NAME_WIDTH, aligned


def grades_text(grades: Sequence[CourseGrade]) -> str:
    """One aligned row a student: the course, then each topic, in per cent; ends with a line break.

    A topic in brackets is dropped, a dash is nothing handed in.
    """
    topics = list(dict.fromkeys(topic for grade in grades for topic in (*grade.topics, *grade.missing)))
    rows = [("student", "course %", *topics, ""), *(_row(grade, topics) for grade in grades)]
    return "\n".join(aligned(rows)) + "\n"


def _row(grade: CourseGrade, topics: Sequence[str]) -> tuple[str, ...]:
    late = f"{grade.late_days} late day{'' if grade.late_days == 1 else 's'}" if grade.late_days else ""
    cells = [_cell(grade, topic) for topic in topics]
    return (plain.line(grade.student, NAME_WIDTH), f"{grade.share:.1%}".rstrip("%"), *cells, late)


def _cell(grade: CourseGrade, topic: str) -> str:
    if topic not in grade.topics:
        return "?"  # our own faults left nothing to earn
    text = "–" if topic in grade.missing else plain.per_cent(grade.topics[topic])
    return f"({text})" if topic in grade.dropped else text
