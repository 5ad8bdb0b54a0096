"""Publishing: what students see of a run is frozen in the gradebook, and written as a folder that is ready to send."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from grader.autograde.desk import Desk
from grader.autograde.outputs import FeedbackFolder, make_out, write_results
from grader.core.errors import GradebookError, GraderError
from grader.core.grade import Graded, Results
from grader.gradebook import Run
from grader.report.reading import NO_READING, Reading


def publish_run(desk: Desk, run: Run, out: Path, title: str, reading: Reading = NO_READING) -> Path:
    """Freeze ``run`` with today's judgement and write ``OUT/published/<topic>/``; returns that folder.

    ``reading`` is what the topic's feedback sends students to. Later runs and adjustments don't change what was
    published. GradebookError if the run was never finished.
    """
    if run.finished is None:
        raise GradebookError(f"run {run.id} of {run.topic} was not finished: run the same `grader grade` again first")
    graded = desk.graded(run)
    results = Results(run.topic, run.suite_digest, run.engine, tuple(each.grade for each in graded))
    desk.book.publish(run.id, results)
    return _written(results, graded, out, title, reading)


def _written(results: Results, graded: Sequence[Graded], out: Path, title: str, reading: Reading) -> Path:
    """Write results and feedback as ``OUT/published/<topic>/``, in place of what was there, all at once."""
    folder = out / "published" / results.topic
    partial = folder.with_name(f".{results.topic}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    make_out(partial)
    write_results(partial, results)
    feedback = FeedbackFolder(partial, title, reading=reading)
    for each in graded:
        feedback.write(each)
    try:
        if folder.exists():
            shutil.rmtree(folder)
        os.replace(partial, folder)
    except OSError as error:
        raise GraderError(f"{folder} can't be replaced: {error.strerror}; give another folder by --out") from None
    return folder
