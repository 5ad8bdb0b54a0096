"""A student's own check: the public suite on the student's own file, unsandboxed, on any operating system."""

from __future__ import annotations

from pathlib import Path

import msgspec

from grader.autograde.grading import grade_over, grade_submission
from grader.autograde.submissions import discover
from grader.core.errors import CourseError
from grader.core.grade import Graded
from grader.core.topic import Topic
from grader.sandbox.plain import PlainWorkers
from grader.session.inprocess import InProcessTransport
from grader.session.suite import Runner, run_suite


def check_file(topic: Topic, file: Path, *, debug: bool) -> Graded:
    """Run ``topic``'s public checks on ``file``; with ``debug`` in this very process, so that ``breakpoint()`` works.

    Same fixture, codec and messages as grading. CourseError if there is no such file or no public suite.
    """
    if not file.is_file():
        raise CourseError(f"there is no {file}: run this where exercises/ is, and keep the stub's file name")
    submission = discover(file, topic.slug)[0]
    if debug and not submission.notebook:
        # A debugger finds the source by its real path.
        cells = tuple(msgspec.structs.replace(cell, label=str(file)) for cell in submission.cells)
        submission = msgspec.structs.replace(submission, cells=cells)
    found: list[Graded] = []

    def body(runner: Runner) -> None:
        if debug:
            found.append(grade_over(runner, submission, InProcessTransport))
        else:
            found.append(grade_submission(runner, submission, PlainWorkers(topic.config.runtime)))

    run_suite(topic, body, public_only=True)
    return found[0]
