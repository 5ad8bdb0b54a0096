"""``grader report``."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli import options


@click.command("report")
@options.written_gradebook
@options.out
@click.option("--feedback/--no-feedback", default=True, help="also write the students' feedback [default: yes]")
@click.option("--roster", type=click.Path(path_type=Path), help="CSV of the class: who handed in nothing is listed")
@options.format_
def command(gradebook: str, out: Path, feedback: bool, roster: Path | None, format_: str) -> int:
    """Write one HTML page for the class and one for each student and topic, from each topic's latest run.

    Prints the same in short: scores by topic, the most frequent mistakes, and the checks that an author should look at.
    """
    from grader.autograde.intake.roster import read_roster
    from grader.autograde.reports import write_reports
    from grader.core.course import course_root
    from grader.core.policy import read_policy
    from grader.report.classtext import course_json, course_text

    named = read_roster(roster).students if roster is not None else ()
    written = write_reports(gradebook, out, read_policy(course_root()), feedback=feedback, roster=named)
    click.echo(
        course_json(written.course) if format_ == "json" else course_text(written.course, options.columns()), nl=False
    )
    if format_ == "text":
        click.echo(f"\nreport: {written.report}")
    return 0
