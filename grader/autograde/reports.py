"""The class report and every student's feedback, made again from the gradebook alone."""

from __future__ import annotations

from pathlib import Path

from grader.autograde.desk import Desk
from grader.autograde.outputs import FeedbackFolder, make_out, write_class_report
from grader.core.errors import GradebookError
from grader.core.policy import Policy
from grader.gradebook import Gradebook
from grader.report.html import ClassTopic


def write_reports(gradebook: str, out: Path, policy: Policy) -> Path:
    """Write ``report.html`` over each topic's latest run, and feedback below ``feedback/<topic>/``; returns the report.

    GradebookError if there is no gradebook, or nothing in it.
    """
    with Gradebook.open_existing(gradebook) as book:
        make_out(out)
        desk = Desk(book, policy)
        latest = desk.latest()
        if not latest:
            raise GradebookError(f"the gradebook {gradebook} holds no grade yet: run `grader grade` first")
        sections = []
        for topic, run in latest.items():
            graded = desk.graded(run)
            sections.append(ClassTopic(topic, run.suite_digest, run.engine, run.sandbox, graded))
            feedback = FeedbackFolder(out, topic, below=topic if len(latest) > 1 else "")
            for entry in graded:
                feedback.write(entry)
    return write_class_report(out, sections)
