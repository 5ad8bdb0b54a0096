"""``python -m grader.benchmarks.nbgrader_class SLUG``: one class of notebooks graded three ways, timed in one run.

The class is copies of the reference, each a little different. *Kernel* is nbgrader as it comes: ``nbgrader autograde``
runs every notebook in a kernel of its own, one after the other (its grade cells, which refuse to be run so, cost
nothing). *Engine* is the same command with this course's configuration. *grade* is ``grader grade``, which also writes
nbgrader's gradebook. Each includes starting up.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from grader.autograde.run import default_jobs
from grader.core.course import course_root, open_topic
from grader.lms.nbgrader.course import write_course

STUDENTS = 20
STOCK = "c = get_config()\nc.CourseDirectory.course_id = 'stock'\n"


class Done(NamedTuple):
    """What a program took, in seconds, and what it printed."""

    seconds: float
    out: str


def main() -> int:
    """Print a line a way: seconds in all, and a notebook."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("slug")
    parser.add_argument("--students", type=int, default=STUDENTS)
    parser.add_argument("--jobs", type=int, default=default_jobs())
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        engine, kernel, ours = (Path(folder) / name for name in ("engine", "kernel", "ours"))
        write_course([open_topic(given.slug)], course_root(), engine)
        run_in(engine, "-m", "nbgrader", "generate_assignment", given.slug)
        _hand_in(engine, given.slug, given.students)
        shutil.copytree(engine, kernel)
        shutil.copytree(engine, ours)
        (kernel / "nbgrader_config.py").write_text(STOCK, encoding="utf-8")
        autograde = ("-m", "nbgrader", "autograde", given.slug)
        grade = ("-m", "grader.cli.main", "grade", given.slug, "submitted", "--jobs", str(given.jobs))
        for name, place, command in (
            ("nbgrader autograde, a kernel a notebook", kernel, autograde),
            ("nbgrader autograde, this engine", engine, autograde),
            (f"grader grade --jobs {given.jobs}", ours, grade),
        ):
            seconds = run_in(place, *command).seconds
            print(f"{name}: {seconds:.1f} s, {1000 * seconds / given.students:.0f} ms a notebook", flush=True)
    return 0


def _hand_in(course: Path, slug: str, students: int) -> None:
    notebook = json.loads((course / "source" / slug / f"{slug}.ipynb").read_bytes())
    for number in range(students):
        note = {"cell_type": "markdown", "id": "by", "metadata": {}, "source": f"by student {number}"}
        file = course / "submitted" / f"student-{number:03}" / slug / f"{slug}.ipynb"
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps({**notebook, "cells": [note, *notebook["cells"]]}), encoding="utf-8")


def run_in(course: Path, *arguments: str) -> Done:
    """Python with ``arguments`` in the folder ``course``; RuntimeError with the end of what it said if it fails."""
    # The course that the topic is of is found from where this was started.
    paths = os.pathsep.join([str(Path(__file__).resolve().parents[2]), os.environ.get("PYTHONPATH", "")])
    begin = time.perf_counter()
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=course,
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)}: {done.stderr[-2000:]}")
    return Done(time.perf_counter() - begin, done.stdout)


if __name__ == "__main__":
    sys.exit(main())
