"""``grader publish [RUN]``."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli import options


@click.command("publish")
@click.argument("run", default="latest")
@options.written_gradebook
@click.option("--topic", default="", help="the topic that latest and previous are of [default: the last one graded]")
@options.out
@click.option("--list", "list_", is_flag=True, help="say what was published, and change nothing")
def command(run: str, gradebook: str, topic: str, out: Path, list_: bool) -> int:
    """Freeze what students see: RUN (a number, `latest` or `previous`) with today's adjustments and late policy.

    Writes OUT/published/<topic>/results.json and feedback/. Later runs and adjustments change nothing of it until a run
    is published again; each publication stays in the gradebook.
    """
    from grader.autograde.publishing import publish_run
    from grader.gradebook import find_run

    with options.opened_desk(gradebook) as desk:
        if list_:
            for each in desk.book.publications():
                click.echo(f"{each.published:%Y-%m-%d %H:%M} UTC  {each.topic}: run {each.run}")
            return 0
        chosen = find_run(desk.book.runs(), run, topic)
        folder = publish_run(desk, chosen, out, options.title_of(chosen.topic))
    click.echo(f"{chosen.topic}: run {chosen.id}, {chosen.submissions} students, is published: {folder}")
    return 0
