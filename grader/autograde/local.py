"""A student's own check: the public suite on the student's own file, unsandboxed, on any operating system."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from grader.autograde.submissions import discover
from grader.core.errors import CourseError
from grader.core.grade import Graded
from grader.core.topic import Topic

if TYPE_CHECKING:
    from grader.session.suite import Runner

Check = Callable[[Path], Graded]
"""Runs a topic's public checks on a file. CourseError if there is no such file."""


def check_file(topic: Topic, file: Path, *, debug: bool) -> Graded:
    """Run ``topic``'s public checks on ``file``; with ``debug`` in this very process, so that ``breakpoint()`` works.

    Same fixture, codec and messages as grading. CourseError if there is no such file or no public suite.
    """
    _require(file)
    found: list[Graded] = []
    open_checks(topic, lambda check: found.append(check(file)), debug=debug)
    return found[0]


def open_checks(topic: Topic, body: Callable[[Check], None], *, debug: bool = False, ahead: bool = False) -> None:
    """Collect ``topic``'s public suite and call ``body`` with its :data:`Check`, to be used as often as it likes.

    ``ahead`` keeps a worker ready for the next use.
    """
    from grader.sandbox.plain import PlainWorkers

    workers = None if debug else PlainWorkers(topic.config.runtime, topic.trains)
    try:
        if workers is not None:
            workers.start_ahead()
        # Imported now, pytest with it, while the first worker starts.
        from grader.autograde.grading import grade_over, grade_submission
        from grader.autograde.mistakes import public_diagnosis
        from grader.session.inprocess import InProcessTransport
        from grader.session.suite import run_suite

        def use(runner: Runner) -> None:
            diagnosis = public_diagnosis(runner)

            def check(file: Path) -> Graded:
                _require(file)
                submission = discover(file, topic.slug)[0]
                if workers is not None:
                    graded = grade_submission(runner, submission, workers, diagnosis)
                    if ahead:
                        workers.start_ahead()
                    return graded
                if not submission.notebook:
                    # A debugger finds the source by its real path.
                    cells = tuple(msgspec.structs.replace(cell, label=str(file)) for cell in submission.cells)
                    submission = msgspec.structs.replace(submission, cells=cells)
                return grade_over(runner, submission, InProcessTransport, diagnosis=diagnosis)

            body(check)

        run_suite(topic, use, public_only=True)
    finally:
        if workers is not None:
            workers.close()


def _require(file: Path) -> None:
    if not file.is_file():
        raise CourseError(f"there is no {file}: run this where exercises/ is, and keep the stub's file name")
