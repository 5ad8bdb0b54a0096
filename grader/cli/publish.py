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
@options.format_
def command(run: str, gradebook: str, topic: str, out: Path, list_: bool, format_: str) -> int:
    """Freeze what students see: RUN (a number, `latest` or `previous`) with today's adjustments and late policy.

    Writes OUT/published/<topic>/results.json and feedback/. Later runs and adjustments change nothing of it until a run
    is published again; each publication stays in the gradebook.
    """
    from grader.autograde.publishing import publish_run
    from grader.gradebook import find_run

    with options.opened_desk(gradebook) as desk:
        if list_:
            publications = desk.book.publications()
            if format_ == "json":
                options.print_json(publications)
                return 0
            for each in publications:
                click.echo(f"{each.published:%Y-%m-%d %H:%M} UTC  {each.topic}: run {each.run}")
            return 0
        chosen = find_run(desk.book.runs(), run, topic)
        folder = publish_run(desk, chosen, out, *options.title_and_reading(chosen.topic))
    if format_ == "json":
        told = {"topic": chosen.topic, "run": chosen.id, "students": chosen.submissions, "folder": str(folder)}
        options.print_json(told)
        return 0
    click.echo(f"{chosen.topic}: run {chosen.id}, {chosen.submissions} students, is published: {folder}")
    return 0
