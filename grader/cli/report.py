"""``grader report``."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli import options


@click.command("report")
@options.written_gradebook
@options.out
@click.option("--feedback/--no-feedback", default=True, help="also write the students' feedback [default: yes]")
@options.format_
def command(gradebook: str, out: Path, feedback: bool, format_: str) -> int:
    """Write one HTML page for the class and one for each student and topic, from each topic's latest run.

    Prints the same in short: scores by topic, the most frequent mistakes, and the checks that an author should look at.
    """
    from grader.autograde.reports import write_reports
    from grader.core.course import course_root
    from grader.core.policy import read_policy
    from grader.report.classtext import course_json, course_text

    written = write_reports(gradebook, out, read_policy(course_root()), feedback=feedback)
    click.echo(course_json(written.course) if format_ == "json" else course_text(written.course), nl=False)
    if format_ == "text":
        click.echo(f"\nreport: {written.report}")
    return 0
