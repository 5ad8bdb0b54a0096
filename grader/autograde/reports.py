"""The class report and every student's feedback, made again from the gradebook alone."""

from __future__ import annotations

from pathlib import Path

from grader.autograde.outputs import FeedbackFolder, make_out, write_class_report
from grader.core.errors import GradebookError
from grader.gradebook import Gradebook
from grader.report.html import ClassTopic


def write_reports(gradebook: str, out: Path) -> Path:
    """Write ``report.html`` over each topic's latest run, and feedback below ``feedback/<topic>/``; returns the report.

    GradebookError if there is no gradebook, or nothing in it.
    """
    if "://" not in gradebook and not Path(gradebook).is_file():
        raise GradebookError(f"there is no gradebook at {gradebook}: grade something first, or name it by --gradebook")
    make_out(out)
    with Gradebook.open(gradebook) as book:
        latest = {run.topic: run for run in book.runs() if run.submissions}
        if not latest:
            raise GradebookError(f"the gradebook {gradebook} holds no grade yet: run `grader grade` first")
        sections = []
        for topic, run in sorted(latest.items()):
            graded = book.results(run=run.id)
            sections.append(ClassTopic(topic, run.suite_digest, run.engine, run.sandbox, graded))
            feedback = FeedbackFolder(out, topic, below=topic if len(latest) > 1 else "")
            for entry in graded:
                feedback.write(entry)
    return write_class_report(out, sections)
