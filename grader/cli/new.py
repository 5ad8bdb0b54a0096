"""``grader new SLUG``."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli import options


@click.command("new")
@click.argument("slug")
@click.option("--from-nbgrader", "notebook", type=click.Path(path_type=Path), help="an nbgrader source notebook")
@options.format_
def command(slug: str, notebook: Path | None, format_: str) -> int:
    """Make solutions/SLUG: a small topic that passes audit, to be replaced part by part.

    With --from-nbgrader its reference, points and checks come from somebody's assignment, as far as they can be read.
    """
    from grader.core.course import course_root
    from grader.release.skeleton import new_topic

    solutions = course_root() / "solutions"
    last = f"`grader release {slug}` and `grader audit {slug}`"
    if notebook is None:
        folder, todo = new_topic(solutions, slug), ["change what is there"]
    else:
        from grader.lms.convert import new_topic_from

        made = new_topic_from(solutions, slug, notebook)
        folder, todo = made.folder, list(made.todo)
    if format_ == "json":
        options.print_json({"topic": slug, "folder": str(folder), "todo": [*todo, last]})
    elif notebook is None:
        click.echo(f"{folder}: change what is there, then {last}")
    else:
        click.echo(f"{folder}: what is left to do:")
        for line in (*todo, f"then {last}"):
            click.echo(f"  {line}")
    return 0
