"""``course list``."""

from __future__ import annotations

import click

from course.cli.form import form_option, tell_notes


@click.command("list")
@form_option
def command(form: str) -> int:
    """The topics in the order of the course, with what each asks for and how far you are."""
    from course.checks.progress import progress_rows
    from course.cli.checking import all_exercises
    from grader.core.memory import Memory
    from grader.report.plain import number, width
    from grader.report.results import tame_json

    root, exercises = all_exercises()
    memory = Memory(root)
    rows = progress_rows(exercises, memory)
    if form == "json":
        entries = [
            {
                "topic": row.topic,
                "title": row.title,
                "difficulty": exercise.config.difficulty,
                "minutes": exercise.config.minutes,
                "max_points": row.max_points,
                "standing": row.standing,
            }
            for exercise, row in zip(exercises, rows, strict=True)
        ]
        click.echo(tame_json(entries), nl=False)
        tell_notes(memory.notes, form)
        return 0
    widest = max(len(row.topic) for row in rows)
    title = max(width(row.title) for row in rows)
    for place, (exercise, row) in enumerate(zip(exercises, rows, strict=True), start=1):
        pad = " " * (title - width(row.title))
        level = "●" * exercise.config.difficulty + "○" * (4 - exercise.config.difficulty)
        click.echo(
            f"{place:2}  {row.topic:{widest}}  {row.title}{pad}  {level}  "
            f"{exercise.config.minutes:3} min  {number(row.max_points):>3} points  {row.standing}"
        )
    tell_notes(memory.notes, form)
    return 0
