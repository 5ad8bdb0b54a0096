"""What a student should read next: the lesson's sections on the tasks that lost points, then what comes before."""

from __future__ import annotations

import msgspec

from grader.core.errors import CourseError
from grader.core.grade import Grade
from grader.core.topic import Topic, read_topic
from grader.report.summary import share

HALF = 0.5
"""Below this share of the points the topic before is worth another look."""


class Reading(msgspec.Struct, frozen=True):
    """A topic's reading: the heading of the lesson's section on each task, and the titles of its prerequisites."""

    sections: dict[str, str] = {}
    before: tuple[str, ...] = ()


NO_READING = Reading()


def reading_of(topic: Topic) -> Reading:
    """What ``topic`` names; a prerequisite that can't be read goes by its slug."""
    sections = {task.name: task.section for task in topic.config.tasks if task.section}
    return Reading(sections, tuple(_title(topic, slug) for slug in topic.config.prerequisites))


def next_reading(grade: Grade, reading: Reading) -> list[str]:
    """Sentences, in the order of the tasks; none for full marks, or for a submission of which nothing was run."""
    if not grade.gradable:
        return []
    tasks: dict[str, list[str]] = {}
    for task in grade.tasks:
        if task.points < task.max_points and task.name in reading.sections:
            tasks.setdefault(reading.sections[task.name], []).append(task.name)
    found = [f"“{section}” in the lesson, for {' and '.join(names)}" for section, names in tasks.items()]
    if reading.before and grade.max_score > 0 and share(grade.score, grade.max_score) < HALF:
        found.append(f"what this topic stands on: {' and '.join(reading.before)}")
    return found


def _title(topic: Topic, slug: str) -> str:
    try:
        return read_topic(topic.path.parent / slug).config.title
    except CourseError:
        return slug
