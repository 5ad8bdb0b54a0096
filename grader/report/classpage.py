"""The class report: one self-contained page for the instructor, drawn by the browser from data in the page.

Bounded parts (numbers, charts, checks, mistakes, lists) are markup and need no script. What grows with the class, the
tables of students, is drawn a screenful at a time by ``templates/class.js``, the only script that the page's policy
lets run: it is allowed by its hash, and it sets text, never markup.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib import resources
from typing import Any

import msgspec
from markupsafe import Markup

from grader.core.verdict import Verdict
from grader.report.classdata import LETTER, Course, TopicData, remarks
from grader.report.html import template
from grader.report.summary import BUCKETS, share
from grader.report.verdicts import LABEL, MARK, tone

MOST_LISTED = 200
"""How many entries a list of names shows; the table below it can be filtered for all of them."""

_MARKUP = re.compile("[<>&\u2028\u2029]")


def class_html(course: Course, title: str = "Class report") -> str:
    """The instructor's page. It shows hidden checks and what submissions printed: not for students."""
    return template("class.html").render(
        title=title,
        course=course,
        summary=_overview(course),
        sections=[_section(topic, missing) for topic, missing in zip(course.topics, _missing(course), strict=True)],
        buckets=BUCKETS,
        most=MOST_LISTED,
        data=Markup(_data(course)),  # noqa: S704  (it holds no character of markup)
        script=Markup(script()),  # noqa: S704  (our own file)
        script_hash=script_hash(),
    )


@cache
def script() -> str:
    """The page's only script."""
    return resources.files("grader.report").joinpath("templates/class.js").read_text(encoding="utf-8")


def script_hash() -> str:
    """The script's source expression for a content security policy."""
    # What stands between the tags is hashed, line breaks included.
    return f"sha256-{base64.b64encode(hashlib.sha256(script().encode()).digest()).decode()}"


def _missing(course: Course) -> list[list[str]]:
    """Who did not hand in each topic."""
    found: dict[str, list[str]] = {topic.topic: [] for topic in course.topics}
    for student, topics in course.missing.items():
        for topic in topics:
            found[topic].append(student)
    return [found[topic.topic] for topic in course.topics]


def _section(topic: TopicData, missing: list[str]) -> dict[str, Any]:
    seconds = sorted(row.seconds for row in topic.rows)
    return {
        "topic": topic,
        "bars": _bars(topic.summary.buckets),
        "checks": list(zip(topic.checks, topic.items, topic.summary.checks, strict=True)),
        "unfair": [
            (check, item)
            for remark in ("punishes the best", "nobody passes")
            for check, item in zip(topic.checks, topic.items, strict=True)
            if item.remark == remark
        ],
        "late": [row for row in topic.rows if row.late],
        "missing": missing,
        "slow": [topic.rows[number] for number in topic.slow],
        "median_seconds": seconds[len(seconds) // 2] if seconds else None,
        "late_seconds": seconds[int(len(seconds) * 0.95)] if seconds else None,
    }


def _overview(course: Course) -> dict[str, Any]:
    mistakes = [(topic.topic, mistake) for topic in course.topics for mistake in topic.mistakes]
    counts = [0] * len(BUCKETS)
    for value in course.shares:
        counts[len(BUCKETS) - 1 if value > 1 - 1e-9 else int(value * 10)] += 1
    return {
        "submissions": sum(len(topic.rows) for topic in course.topics),
        "bars": _bars(tuple(counts)),
        "mean": sum(course.shares) / len(course.shares) if course.shares else None,
        "mistakes": sorted(mistakes, key=lambda pair: (-pair[1].count, pair[0], pair[1].id))[:MOST_LISTED],
        "remarks": remarks(course),
        "seconds": sum(row.seconds for topic in course.topics for row in topic.rows),
        "not_gradable": sum(len(topic.summary.not_gradable) for topic in course.topics),
        "broken": sum(len(topic.summary.broken) for topic in course.topics),
        "absences": sum(map(len, course.missing.values())),
    }


def _bars(counts: tuple[int, ...]) -> list[tuple[str, int, float]]:
    tallest = max(counts, default=0)
    return [(name, count, share(count, tallest)) for name, count in zip(BUCKETS, counts, strict=True)]


def _data(course: Course) -> str:
    """JSON that may stand in a script element: no character of it is markup."""
    number = {student: index for index, student in enumerate(course.students)}
    topics = [
        {
            "topic": topic.topic,
            "tasks": topic.tasks,
            "checks": [(check.id, check.task, check.title, check.visibility) for check in topic.checks],
            "mistakes": [mistake.id for mistake in topic.mistakes],
            "rows": [(number[row.student], *msgspec.structs.astuple(row)[1:]) for row in topic.rows],
            "stories": topic.stories,
            "slow": topic.slow,
        }
        for topic in course.topics
    ]
    verdicts = {LETTER[verdict]: (LABEL[verdict], MARK[verdict], tone(verdict)) for verdict in Verdict}
    labels = {verdict.value: LETTER[verdict] for verdict in Verdict}
    data = {"students": course.students, "verdicts": verdicts, "letters": labels, "topics": topics}
    text = msgspec.json.encode(data).decode()
    return _MARKUP.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
