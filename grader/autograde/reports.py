"""The class report and every student's feedback, made again from the gradebook alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from grader.autograde.desk import Desk
from grader.autograde.outputs import FeedbackFolder, make_out, write_course_report
from grader.core.course import course_root
from grader.core.errors import CourseError, GradebookError
from grader.core.policy import Policy
from grader.core.topic import Topic, find_topics
from grader.gradebook import Gradebook, Run
from grader.report.classdata import ClassTopic, Course, read_course
from grader.report.reading import NO_READING, reading_of


class Written(msgspec.Struct, frozen=True):
    """Where the class report is, and what it was made of."""

    report: Path
    course: Course


def write_reports(
    gradebook: str, out: Path, policy: Policy, *, feedback: bool = True, roster: Sequence[str] = ()
) -> Written:
    """Write ``report.html`` over each topic's latest run, and ``feedback`` below ``feedback/<topic>/``.

    Topics come in the course's order; who is on the ``roster`` and handed in nothing is listed. GradebookError if there
    is no gradebook, or nothing in it.
    """
    with Gradebook.open_existing(gradebook) as book:
        make_out(out)
        desk = Desk(book, policy)
        latest = desk.latest()
        if not latest:
            raise GradebookError(f"the gradebook {gradebook} holds no grade yet: run `grader grade` first")
        course = read_course(_topics(desk, latest, out if feedback else None), roster)
    return Written(write_course_report(out, course), course)


def _topics(desk: Desk, latest: dict[str, Run], out: Path | None) -> Iterator[ClassTopic]:
    """One topic after another, so that no more than one is in memory; its feedback is written on the way."""
    syllabus = _syllabus()
    order = list(syllabus)
    for slug in sorted(latest, key=lambda slug: (order.index(slug) if slug in order else len(order), slug)):
        run = latest[slug]
        graded = desk.graded(run)
        if out is not None:
            topic = syllabus.get(slug)
            title, reading = (topic.config.title, reading_of(topic)) if topic is not None else (slug, NO_READING)
            folder = FeedbackFolder(out, title, below=slug if len(latest) > 1 else "", reading=reading)
            for entry in graded:
                folder.write(entry)
        yield ClassTopic(slug, run.suite_digest, run.engine, run.sandbox, graded)


def _syllabus() -> dict[str, Topic]:
    """The topics, in order, of the course that this command is run in, if it is in one that can be read."""
    try:
        return {topic.slug: topic for topic in find_topics(course_root() / "solutions")}
    except CourseError:
        return {}
