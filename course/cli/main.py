"""``course``: the student's command, built as ``grader`` is."""

from __future__ import annotations

import io
import sys

import click

from grader.cli.main import LazyVerbs, run


class CourseVerbs(LazyVerbs):
    """The student's verbs."""

    package = "course.cli"
    verbs = {
        "list": "the topics, in order",
        "check": "run the public checks of a topic, or of all, on your own files",
        "watch": "check again whenever you save",
        "progress": "how far you are, and what to do next",
        "hint": "the next hint for a task",
        "reset": "a fresh stub; your file is kept beside it",
        "study": "the study site, in your browser",
        "questions": "interview questions with their answers",
        "cards": "flashcards, each when it is due",
        "test": "a timed technical test with fresh numbers",
        "review": "find planted bugs in somebody's code, then mend it",
        "interview": "a simulated interview with a scorecard",
    }


@click.group(cls=CourseVerbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--debug", is_flag=True, help="show a traceback when the course's own program breaks")
@click.version_option(package_name="stride-course")
def cli(debug: bool) -> None:
    """Learn CNNs by filling in stubs, and check your work as you go."""


cli.name = "course"


def main() -> None:
    """The console script."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A pipe on Windows may know no ✗: a question mark is better than no feedback.
            stream.reconfigure(errors="replace")
    sys.exit(run(cli))


if __name__ == "__main__":
    main()
