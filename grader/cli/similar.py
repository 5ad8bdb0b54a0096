"""``grader similar TOPIC SUBMISSIONS``."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli import options


@click.command("similar")
@click.argument("topic")
@click.argument("submissions", type=click.Path(path_type=Path))
@click.option("--earlier", type=click.Path(path_type=Path), multiple=True, help="an earlier year's submissions, too")
@click.option("--most", type=click.IntRange(1, 1_000), default=50, show_default=True, help="pairs to show")
@options.out
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(topic: str, submissions: Path, earlier: tuple[Path, ...], most: int, out: Path, format_: str) -> int:
    """List pairs in SUBMISSIONS that share rare code for TOPIC, whatever its names, order, comments and layout.

    They are compared with each other, with the known answers and with --earlier folders, and what was handed out is
    left out. Writes OUT/similar.html with each pair side by side. It says where to look, not what happened. No
    submission is run.
    """
    from grader.autograde.similar import find_similar
    from grader.core.course import open_topic
    from grader.report.similartext import similar_json, similar_text

    found = find_similar(open_topic(topic), submissions, earlier, out, most)
    if format_ == "json":
        click.echo(similar_json(found.searched, found.pairs), nl=False)
    else:
        click.echo(similar_text(found.searched, found.pairs), nl=False)
        click.echo(f"\nside by side: {found.page}")
    return 0
