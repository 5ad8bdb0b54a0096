"""The class report in short: plain text for a terminal, JSON for scripts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec

from grader.report import plain
from grader.report.classdata import Course, TopicData, remarks
from grader.report.results import tame_json
from grader.report.text import aligned, count

MOST_MISTAKES = 10


def course_text(course: Course, columns: int | None = None) -> str:
    """A row for each topic, the most frequent mistakes, and the checks to look at; ends with a line break.

    No line is wider than ``columns``, if that is given.
    """
    return "\n".join(_lines(course, columns)) + "\n"


def course_json(course: Course) -> str:
    """The numbers behind the report, indented; characters that a terminal would obey are escapes."""
    return tame_json(
        {
            "topics": [_topic(topic) for topic in course.topics],
            "students": [
                {"student": student, "share": round(part, 4), "missing": list(course.missing.get(student, ()))}
                for student, part in zip(course.students, course.shares, strict=True)
            ],
            "surprises": [
                {
                    "student": course.students[entry.student],
                    "topic": course.topics[entry.topic].topic,
                    "share": round(entry.share, 4),
                    "expected": round(entry.expected, 4),
                }
                for entry in course.surprises
            ],
        }
    )


def _lines(course: Course, columns: int | None) -> Iterator[str]:
    yield f"{count(len(course.topics), 'topic')}, {count(len(course.students), 'student')}; mean and median in per cent"
    yield ""
    yield from aligned(_topic_rows(course))
    if any(topic.summary.not_gradable or topic.summary.broken for topic in course.topics):
        yield "unread: not gradable; faults: checks on which the grader broke, at nobody's cost"
    mistakes = sorted(
        ((mistake.count, topic.topic, mistake) for topic in course.topics for mistake in topic.mistakes),
        key=lambda entry: (-entry[0], entry[1], entry[2].id),
    )
    if mistakes:
        yield ""
        yield "most frequent mistakes"
        table = [("", str(number), m.id, topic, m.line) for number, topic, m in mistakes[:MOST_MISTAKES]]
        yield from aligned(table, left=(2, 3), columns=columns)
    looked_at = [entry for entry in remarks(course) if entry[2].remark != "everybody passes"]
    if looked_at:
        yield ""
        yield "checks to look at"
        listed = [("", item.remark, check.id, topic) for topic, check, item in looked_at]
        yield from aligned(listed, left=(1, 2), columns=columns)


def _topic_rows(course: Course) -> list[tuple[str, ...]]:
    """A header, then the numbers of each topic; what concerns nobody has no column."""
    absent = Counter(topic for topics in course.missing.values() for topic in topics)
    columns: dict[str, list[int | None]] = {
        "sent": [topic.summary.submissions for topic in course.topics],
        "missing": [absent[topic.topic] or None for topic in course.topics],
        "late": [sum(row.late > 0 for row in topic.rows) or None for topic in course.topics],
        "mean": [_whole(topic.summary.mean) for topic in course.topics],
        "median": [_whole(topic.summary.median) for topic in course.topics],
        "full": [topic.summary.full for topic in course.topics],
        "unread": [len(topic.summary.not_gradable) or None for topic in course.topics],
        "faults": [len(topic.summary.broken) or None for topic in course.topics],
    }
    kept = {name: numbers for name, numbers in columns.items() if any(number is not None for number in numbers)}
    cells = [["–" if number is None else str(number) for number in numbers] for numbers in kept.values()]
    rows = zip((topic.topic for topic in course.topics), *cells, strict=True)
    return [("topic", *kept, ""), *((*row, "") for row in rows)]


def _whole(share: float | None) -> int | None:
    return None if share is None else int(plain.per_cent(share))


def _topic(topic: TopicData) -> dict[str, Any]:
    s = topic.summary
    checks = zip(topic.checks, topic.items, s.checks, strict=True)
    return {
        "topic": topic.topic,
        "suite_digest": topic.suite_digest,
        "engine": topic.engine,
        "submissions": s.submissions,
        "mean": s.mean,
        "median": s.median,
        "full": s.full,
        "late": {row.student: row.late for row in topic.rows if row.late},
        "distribution": list(s.buckets),
        "checks": [
            {
                "id": check.id,
                "task": check.task,
                "title": check.title,
                "visibility": check.visibility,
                **msgspec.structs.asdict(item),
                "verdicts": {verdict.value: number for verdict, number in seen.verdicts},
            }
            for check, item, seen in checks
        ],
        "mistakes": [msgspec.structs.asdict(mistake) for mistake in topic.mistakes],
        "not_gradable": [entry.student for entry in s.not_gradable],
        "internal_errors": [{"student": student, "check": check} for student, check in s.broken],
        "slow": [topic.rows[number].student for number in topic.slow],
    }
