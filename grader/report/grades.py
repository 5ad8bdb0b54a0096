"""Course grades as plain text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import fmean

from grader.core.final import CourseGrade
from grader.report import plain
from grader.report.text import NAME_WIDTH, aligned, count

NARROW_NAME = 18
"""How much of a name there is room for in a row that must not be wide."""

FULL = 1 - 1e-9
"""A share from which on nothing was lost but by rounding."""


def grades_text(grades: Sequence[CourseGrade], columns: int | None = None) -> str:
    """One aligned row a student, in per cent; ends with a line break.

    Each topic has its column if that fits ``columns``, or if that is None; in brackets it is dropped, a dash is nothing
    handed in. Otherwise a row counts what is missing and dropped, and names the lowest topics, as many as fit.
    """
    topics = list(dict.fromkeys(topic for grade in grades for topic in (*grade.topics, *grade.missing)))
    lines = aligned([("student", "course %", *topics, ""), *(_row(grade, topics) for grade in grades)])
    if columns is not None and max(map(plain.width, lines)) > columns:
        lines = list(_narrow(grades, topics, columns))
    return "\n".join(lines) + "\n"


def _row(grade: CourseGrade, topics: Sequence[str]) -> tuple[str, ...]:
    late = count(grade.late_days, "late day") if grade.late_days else ""
    cells = [_cell(grade, topic) for topic in topics]
    return (plain.line(grade.student, NAME_WIDTH), _share(grade.share), *cells, late)


def _cell(grade: CourseGrade, topic: str) -> str:
    if topic not in grade.topics:
        return "?"  # our own faults left nothing to earn
    text = "–" if topic in grade.missing else plain.per_cent(grade.topics[topic])
    return f"({text})" if topic in grade.dropped else text


def _narrow(grades: Sequence[CourseGrade], topics: Sequence[str], columns: int) -> Iterator[str]:
    """A row a student, then the class, and how to see each topic."""
    counts = {
        "missing": [len(grade.missing) for grade in grades],
        "dropped": [len(grade.dropped) for grade in grades],
        "late": [grade.late_days for grade in grades],
    }
    kept = {name: numbers for name, numbers in counts.items() if any(numbers)}
    rows = [("student", "course %", *kept, "")]
    for index, grade in enumerate(grades):
        cells = (str(numbers[index] or "–") for numbers in kept.values())
        rows.append((plain.cut(plain.line(grade.student), NARROW_NAME), _share(grade.share), *cells, ""))
    room = columns - max(map(plain.width, aligned(rows))) - len("  ")
    lowest = ["lowest topics", *(_lowest(grade, room) for grade in grades)]
    yield from aligned([(*row[:-1], text) for row, text in zip(rows, lowest, strict=True)])
    yield ""
    yield f"{count(len(grades), 'student')}, mean {_share(fmean(grade.share for grade in grades))} %"
    yield f"each of the {len(topics)} topics: --wide, --format csv or --format json"


def _lowest(grade: CourseGrade, room: int) -> str:
    """The topics handed in that count and lack points, lowest first, as many as ``room`` holds."""
    there = {
        topic: share
        for topic, share in grade.topics.items()
        if topic not in grade.missing and topic not in grade.dropped and share < FULL
    }
    text = ""
    for topic in sorted(there, key=lambda topic: (there[topic], topic)):
        longer = f"{text}, {topic} {plain.per_cent(there[topic])}".removeprefix(", ")
        if plain.width(longer) > room:
            break
        text = longer
    return text


def _share(share: float) -> str:
    return f"{share:.1%}".rstrip("%")
