"""``course progress``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from course.cli.form import form_option, tell_notes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from course.checks.progress import Row

BAR = 12


@click.command("progress")
@form_option
def command(form: str) -> int:
    """Topics, tasks and public checks done, points so far, and what to do next.

    Counted are the checks as they went when you last ran them; hidden checks run when your work is graded.
    """
    import msgspec

    from course.checks.progress import next_topic, progress_rows
    from course.cli.checking import all_exercises
    from grader.core.memory import Memory

    root, exercises = all_exercises()
    memory = Memory(root)
    rows = progress_rows(exercises, memory)
    if form == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(rows), indent=1).decode())
    else:
        _table(rows)
        following = next_topic(rows)
        step = next((row.next_step for row in rows if row.topic == following), "")
        click.echo(f"next: {following}: {step}" if following else "Every public check passes. Hand your work in.")
    tell_notes(memory.notes, form)
    return 0


def _table(rows: Sequence[Row]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from grader.report.plain import number

    console = Console(highlight=False)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("topic", no_wrap=True)
    table.add_column("", no_wrap=True, min_width=BAR)
    for name in ("tasks", "checks", "points"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("next step", no_wrap=not console.is_terminal)
    for row in rows:
        full = int(row.share * BAR + 1e-9)
        style = "green" if row.standing == "done" else "yellow" if row.checks_passed else ""
        table.add_row(
            row.topic,
            Text("█" * full + "░" * (BAR - full), style=style),
            f"{row.tasks_done}/{row.tasks}",
            f"{row.checks_passed}/{row.checks}",
            f"{number(row.points)}/{number(row.max_points)}",
            row.next_step,
        )
    done = sum(row.standing == "done" for row in rows)
    points, of = sum(row.points for row in rows), sum(row.max_points for row in rows)
    if not console.is_terminal:
        # A pipe has no width to fit into.
        console = Console(highlight=False, width=120)
    console.print(table)
    console.print(f"{done} of {len(rows)} topics done, {number(points)} of {number(of)} points by public checks")
