"""``grader new SLUG``."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("new")
@click.argument("slug")
@click.option("--from-nbgrader", "notebook", type=click.Path(path_type=Path), help="an nbgrader source notebook")
def command(slug: str, notebook: Path | None) -> int:
    """Make solutions/SLUG: a small topic that passes audit, to be replaced part by part.

    With --from-nbgrader its reference, points and checks come from somebody's assignment, as far as they can be read.
    """
    from grader.core.course import course_root
    from grader.release.skeleton import new_topic

    solutions = course_root() / "solutions"
    if notebook is None:
        folder = new_topic(solutions, slug)
        click.echo(f"{folder}: change what is there, then `grader release {slug}` and `grader audit {slug}`")
        return 0
    from grader.lms.convert import new_topic_from

    made = new_topic_from(solutions, slug, notebook)
    click.echo(f"{made.folder}: what is left to do:")
    for line in (*made.todo, f"then `grader release {slug}` and `grader audit {slug}`"):
        click.echo(f"  {line}")
    return 0
