"""Course grades as text for a terminal and as a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
import re

import pytest

from grader.core.final import CourseGrade
from grader.lms.tables import course_csv
from grader.report import plain
from grader.report.grades import grades_text

TOPICS = [f"topic_number_{number:02}" for number in range(18)]


def student(name: str, *shares: float, **changes: object) -> CourseGrade:
    """Somebody with ``shares`` in the first topics, 1.0 in the others."""
    topics = dict.fromkeys(TOPICS, 1.0) | dict(zip(TOPICS, shares, strict=False))
    values = {"missing": (), "dropped": (), "late_days": 0} | changes
    return CourseGrade(student=name, share=sum(topics.values()) / 18, topics=topics, **values)  # type: ignore[arg-type]


CLASS = [
    student("ada"),
    student("bob", 0.5, 0.25, 0.99, 0.98, 0.97),
    student("cyd", 0.0, 0.1, 0.2, missing=(TOPICS[0],), dropped=(TOPICS[1],), late_days=3),
    student("名前" * 20, 0.4),
]


@pytest.mark.parametrize("columns", [80, 100, 132])
def test_eighteen_topics_fit_a_terminal(columns: int) -> None:
    """The lowest topics in place of all; none is cut in two."""
    lines = grades_text(CLASS, columns).splitlines()
    assert all(plain.width(line) <= columns for line in lines)
    assert ["student", "course", "%", "missing", "dropped", "late", "lowest", "topics"] == lines[0].split()
    assert ["ada", "100.0", "–", "–", "–"] == lines[1].split()
    assert ["bob", "92.7", "–", "–", "–", "topic_number_01", "25"] == lines[2].replace(",", "").split()[:7]
    assert ["cyd", "85.0", "1", "1", "3", "topic_number_02", "20"] == lines[3].split()
    named = lines[2].partition("topic_number")
    assert re.fullmatch(r"topic_number_\d\d \d+(, topic_number_\d\d \d+)*", "".join(named[1:]))
    assert "4 students, mean 93.6 %" in lines
    assert "each of the 18 topics: --wide, --format csv or --format json" == lines[-1]


def test_a_column_a_topic_where_they_fit_or_are_asked_for() -> None:
    """As wide as it takes."""
    wide = grades_text(CLASS)
    assert wide == grades_text(CLASS, 500)
    assert ["student", "course", "%", *TOPICS] == wide.splitlines()[0].split()
    assert ["cyd", "85.0", "–", "(10)", "20"] == wide.splitlines()[3].split()[:5]


def test_a_spreadsheet_has_every_topic() -> None:
    """In per cent; a name that could be a formula is text."""
    rows = list(csv.DictReader(io.StringIO(course_csv([*CLASS, student("=1+1")]))))
    assert ["100", "92.7222", "85"] == [row["course"] for row in rows[:3]]
    assert ("0", "10", "20", "100") == tuple(rows[2][topic] for topic in TOPICS[:4])
    assert (TOPICS[0], TOPICS[1], "3") == (rows[2]["missing"], rows[2]["dropped"], rows[2]["late_days"])
    assert "'=1+1" == rows[4]["student"]
