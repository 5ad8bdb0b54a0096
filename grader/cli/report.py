"""``grader report``."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli import options


@click.command("report")
@click.option("--gradebook", default="out/gradebook.db", show_default=True, help="file or SQLAlchemy URL")
@options.out
def command(gradebook: str, out: Path) -> int:
    """Write one HTML page for the class and one for each student and topic, from each topic's latest run."""
    from grader.autograde.reports import write_reports

    click.echo(f"report: {write_reports(gradebook, out)}")
    return 0
