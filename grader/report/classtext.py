"""The class report in short: plain text for a terminal, JSON for scripts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from grader.report import plain
from grader.report.classdata import Course, TopicData, remarks
from grader.report.results import tame_json
from grader.report.text import aligned, count

MOST_MISTAKES = 10


def course_text(course: Course) -> str:
    """A row for each topic, the most frequent mistakes, and the checks to look at; ends with a line break."""
    return "\n".join(_lines(course)) + "\n"


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


def _lines(course: Course) -> Iterator[str]:
    yield f"{count(len(course.topics), 'topic')}, {count(len(course.students), 'student')}"
    yield ""
    rows = [("topic", "submissions", "mean %", "median %", "full", "not gradable", "grader broke", "")]
    for topic in course.topics:
        s = topic.summary
        mean, median = (plain.per_cent(value) if value is not None else "–" for value in (s.mean, s.median))
        faults = str(len(s.broken) or "–")
        rows.append(
            (topic.topic, str(s.submissions), mean, median, str(s.full), str(len(s.not_gradable) or "–"), faults, "")
        )
    yield from aligned(rows)
    mistakes = sorted(
        ((mistake.count, topic.topic, mistake) for topic in course.topics for mistake in topic.mistakes),
        key=lambda entry: (-entry[0], entry[1], entry[2].id),
    )
    if mistakes:
        yield ""
        yield "most frequent mistakes"
        table = [("", str(number), m.id, topic, m.line) for number, topic, m in mistakes[:MOST_MISTAKES]]
        yield from aligned(table, left=(2, 3))
    looked_at = [entry for entry in remarks(course) if entry[2].remark != "everybody passes"]
    if looked_at:
        yield ""
        yield "checks to look at"
        yield from aligned([("", item.remark, check.id, topic) for topic, check, item in looked_at], left=(1, 2))


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
