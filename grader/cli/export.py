"""``grader export FORMAT …``: the course, or its grades, for the systems that others use."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli import options


@click.group("export")
def command() -> None:
    """Write the course, or the grades of a topic, in another system's own format."""


@command.command("nbgrader")
@click.argument("topics", nargs=-1)
@click.option("--to", type=click.Path(path_type=Path), required=True, help="the nbgrader course's folder")
def nbgrader(topics: tuple[str, ...], to: Path) -> int:
    """Write TOPICS, or all, as assignments of an nbgrader course in the folder --to.

    Then, in that folder: `nbgrader generate_assignment TOPIC`, and after collecting `nbgrader autograde TOPIC` or
    `grader grade TOPIC submitted`. nbgrader itself is needed only for those: pip install "stride-course[nbgrader]".
    """
    from grader.core.course import course_root
    from grader.lms.nbgrader.course import write_course

    chosen = options.topics_named(topics)
    written = write_course(chosen, course_root(), to)
    click.echo(f"{len(written)} files for {len(chosen)} assignments in {to}")
    click.echo(f"next: cd {to} && nbgrader generate_assignment {chosen[0].slug if chosen else 'TOPIC'}")
    return 0
