"""``grader grades``."""

from __future__ import annotations

import click

from grader.cli import options


@click.command("grades")
@options.written_gradebook
@click.option("--published", is_flag=True, help="of what was published, not of each topic's latest run")
@options.format_
def command(gradebook: str, published: bool, format_: str) -> int:
    """Everybody's course grade in per cent, by course/course.toml: adjustments, late days, weights, dropped topics."""
    from grader.core.policy import strangers
    from grader.report.grades import grades_text

    with options.opened_desk(gradebook) as desk:
        grades = desk.course(published=published)
        notes = strangers(desk.policy, {grade.student for grade in grades})
    if format_ == "json":
        options.print_json(grades)
    else:
        click.echo(grades_text(grades), nl=False)
    for note in notes:
        click.echo(note, err=True)
    return 0
