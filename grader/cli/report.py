"""``grader report``."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli import options


@click.command("report")
@options.written_gradebook
@options.out
def command(gradebook: str, out: Path) -> int:
    """Write one HTML page for the class and one for each student and topic, from each topic's latest run."""
    from grader.autograde.reports import write_reports
    from grader.core.course import course_root
    from grader.core.policy import read_policy

    click.echo(f"report: {write_reports(gradebook, out, read_policy(course_root()))}")
    return 0
