"""``grader new SLUG``."""

from __future__ import annotations

import click


@click.command("new")
@click.argument("slug")
def command(slug: str) -> int:
    """Make solutions/SLUG: a small topic that passes audit, to be replaced part by part."""
    from grader.core.course import course_root
    from grader.release.skeleton import new_topic

    folder = new_topic(course_root() / "solutions", slug)
    click.echo(f"{folder}: change what is there, then `grader release {slug}` and `grader audit {slug}`")
    return 0
