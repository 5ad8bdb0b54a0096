"""``grader diff [RUN_A] [RUN_B]``."""

from __future__ import annotations

import click

from grader.cli import options


@click.command("diff")
@click.argument("run_a", default="previous")
@click.argument("run_b", default="latest")
@options.written_gradebook
@click.option("--topic", default="", help="the topic that latest and previous are of [default: the last one graded]")
@options.format_
def command(run_a: str, run_b: str, gradebook: str, topic: str, format_: str) -> int:
    """Say who moves from RUN_A to RUN_B, by how much, and through which check.

    A run is a number, `latest` or `previous`; without arguments the last two of the topic that was graded last.
    """
    from grader.core.errors import GradebookError
    from grader.core.movement import movements
    from grader.gradebook import find_run
    from grader.report.movements import movements_text

    with options.opened_desk(gradebook) as desk:
        runs = desk.book.runs()
        before, after = find_run(runs, run_a, topic), find_run(runs, run_b, topic)
        if before.topic != after.topic:
            raise GradebookError(
                f"run {before.id} graded {before.topic} and run {after.id} {after.topic}: give two runs of one topic"
            )
        grades = [desk.grades(run) for run in (before, after)]
    moved = movements(*grades)
    if format_ == "json":
        report = {"topic": after.topic, "before": before.id, "after": after.id, "movements": moved}
        options.print_json(report)
        return 0
    click.echo(f"{after.topic}: run {before.id} → run {after.id}")
    for run in (before, after):
        if run.finished is None:
            click.echo(f"run {run.id} was not finished: who is missing in it was not reached", err=True)
    click.echo(movements_text(moved), nl=False)
    return 0
