"""``grader gradebook backup|restore|check``."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli import options


@click.group("gradebook")
def command() -> None:
    """Keep a gradebook safe: back it up into one file, restore that, or check that all of it can be read."""


@command.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@options.written_gradebook
@options.format_
def backup(file: Path, gradebook: str, format_: str) -> int:
    """Write the gradebook, as it is now, into the new FILE; a run may be under way."""
    from grader.gradebook import Gradebook
    from grader.gradebook.backup import back_up

    with Gradebook.open_existing(gradebook) as book:
        return _told(str(file), back_up(book, file), format_)


@command.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@options.written_gradebook
@options.format_
def restore(file: Path, gradebook: str, format_: str) -> int:
    """Put the backup FILE into a gradebook that is new or empty: a file, or a database by its URL."""
    from grader.gradebook import backup as copies

    return _told(gradebook, copies.restore(file, gradebook), format_)


@command.command("check")
@options.written_gradebook
@options.format_
def check(gradebook: str, format_: str) -> int:
    """Read every row and hold it against whatever else says the same; exit code 1 if something is wrong."""
    from grader.gradebook import Gradebook
    from grader.gradebook.checkup import problems

    with Gradebook.open_existing(gradebook) as book:
        found = problems(book)
        unfinished = [run for run in book.runs() if run.finished is None] if not found else []
    if format_ == "json":
        options.print_json({"sound": not found, "problems": found, "unfinished": unfinished})
        return 1 if found else 0
    for problem in found:
        click.echo(problem)
    for run in unfinished:
        state = f"was not finished, or is under way: {run.submissions} students so far"
        click.echo(f"run {run.id} of {run.topic} {state}")
    click.echo("damaged: restore a backup by `grader gradebook restore`" if found else "sound")
    return 1 if found else 0


def _told(written: str, rows: int, format_: str) -> int:
    if format_ == "json":
        options.print_json({"written": written, "rows": rows})
    else:
        click.echo(f"{written}: {rows} rows")
    return 0
