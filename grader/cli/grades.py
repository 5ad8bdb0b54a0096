"""``grader grades``."""

from __future__ import annotations

import click

from grader.cli import options


@click.command("grades")
@options.written_gradebook
@click.option("--published", is_flag=True, help="of what was published, not of each topic's latest run")
@click.option("--wide", is_flag=True, help="a column a topic, however many there are")
@click.option("--format", "format_", type=click.Choice(["text", "csv", "json"]), default="text", show_default=True)
def command(gradebook: str, published: bool, wide: bool, format_: str) -> int:
    """Everybody's course grade in per cent, by course/course.toml: adjustments, late days, weights, dropped topics.

    Where the topics don't fit the terminal, each row names the lowest ones.
    """
    from grader.core.policy import strangers
    from grader.lms.tables import course_csv
    from grader.report.grades import grades_text

    with options.opened_desk(gradebook) as desk:
        grades = desk.course(published=published)
        notes = strangers(desk.policy, {grade.student for grade in grades})
    if format_ == "json":
        options.print_json(grades)
    elif format_ == "csv":
        click.echo(course_csv(grades), nl=False)
    else:
        click.echo(grades_text(grades, None if wide else options.columns()), nl=False)
    for note in notes:
        click.echo(note, err=True)
    return 0
