"""``python -m grader.benchmarks.nbgrader_course [SLUG ...]``: every topic through nbgrader's own commands.

A course is exported, and for each topic the source notebook is released (``nbgrader generate_assignment``), validated
(``nbgrader validate``, which runs it in a kernel) and, handed in by one student beside the release as it is, graded by
plain ``nbgrader autograde``. A topic is in order if all succeed, the reference earns everything, and the stub nothing.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import warnings
from pathlib import Path

from nbgrader.api import Gradebook

from grader.benchmarks.nbgrader_class import run_in
from grader.core.course import course_root, open_topic
from grader.core.topic import Topic, find_topics
from grader.lms.nbgrader.course import write_course


def main() -> int:
    """Print a line a topic; 1 if one is not in order."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("slugs", nargs="*", metavar="SLUG", help="all topics, if none is named")
    given = parser.parse_args()
    root = course_root()
    topics = [open_topic(slug) for slug in given.slugs] or find_topics(root / "solutions")
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder) / "course"
        write_course(topics, root, course)
        for topic in topics:
            said = tried(course, topic)
            wrong += bool(said)
            print(f"{topic.slug}: {said or 'in order'}", flush=True)
    return int(wrong > 0)


def tried(course: Path, topic: Topic) -> str:
    """What is not in order with ``topic`` in the nbgrader course; empty if nothing is."""
    slug = topic.slug
    source = Path("source", slug, f"{slug}.ipynb")
    try:
        run_in(course, "-m", "nbgrader", "generate_assignment", slug)
        said = run_in(course, "-m", "nbgrader", "validate", str(source)).out
        if "Success" not in said:
            return f"validate: {said.strip()}"
        for student, handed_in in (("reference", source), ("stub", Path("release", slug, f"{slug}.ipynb"))):
            folder = course / "submitted" / student / slug
            folder.mkdir(parents=True)
            shutil.copy(course / handed_in, folder)
        run_in(course, "-m", "nbgrader", "autograde", slug)
    except RuntimeError as error:
        return str(error)
    reference, stub = (_score(course, slug, student) for student in ("reference", "stub"))
    if (reference, stub) != (topic.points, 0):
        return f"the reference earns {reference:g} of {topic.points:g}, the stub {stub:g}"
    return ""


def _score(course: Path, slug: str, student: str) -> float:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
            return float(book.find_submission(slug, student).score)


if __name__ == "__main__":
    sys.exit(main())
