"""``grader adjust STUDENT TOPIC [TASK] [POINTS]``."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from grader.cli import options

if TYPE_CHECKING:
    from grader.autograde.desk import Desk
    from grader.core.judgement import Adjustment, Change

POINTS = re.compile(r"[+−=-]\d+(\.\d+)?")


# A change such as -3 is an argument, not an option.
@click.command("adjust", context_settings={"ignore_unknown_options": True})
@click.argument("student", default="")
@click.argument("topic", default="")
@click.argument("task", default="")
@click.argument("points", default="")
@click.option("--why", default="", help="the reason, which the student reads")
@click.option("--comment", default="", help="a remark for the student; needs neither TASK nor POINTS")
@click.option("--revoke", type=int, default=None, metavar="ID", help="take back adjustment ID; needs --why")
@click.option("--list", "list_", is_flag=True, help="list the adjustments (of STUDENT, on TOPIC), revoked ones too")
@options.written_gradebook
@options.format_
def command(
    student: str,
    topic: str,
    task: str,
    points: str,
    why: str,
    comment: str,
    revoke: int | None,
    list_: bool,
    gradebook: str,
    format_: str,
) -> int:
    """Change STUDENT's points for a TASK of TOPIC by +N, -N or to =N, with the reason, or leave a comment.

    The raw score stays as it was found. The change outlives every regrade until it is revoked, and is shown as such in
    results, feedback and report; what was published before stays as it is.
    """
    with options.opened_desk(gradebook) as desk:
        if list_:
            _list(desk.book.adjustments(topic or None, student or None, revoked=True), format_)
            return 0
        if revoke is not None:
            if not why:
                raise click.UsageError("--revoke needs --why: a decision is taken back for a reason")
            taken = desk.book.revoke(revoke, why)
            if format_ == "json":
                options.print_json(taken)
            else:
                click.echo(f"revoked: {_line(taken)}")
            return 0
        if not student or not topic:
            raise click.UsageError("give STUDENT, TOPIC, TASK and POINTS, or --list, or --revoke ID")
        change, number = _parsed(points, task, why, comment)
        _refuse_unknown(desk, student, topic, task)
        made = desk.book.adjust(topic, student, task, number, change=change, why=why, comment=comment)
        recorded = next(each for each in desk.book.adjustments(topic, student) if each.id == made)
    if format_ == "json":
        options.print_json(recorded)
        return 0
    click.echo(_line(recorded))
    click.echo("shown from the next `grader grade`, `grader report` or `grader publish` on")
    return 0


def _parsed(points: str, task: str, why: str, comment: str) -> tuple[Change, float | None]:
    if not points:
        if task or not comment:
            raise click.UsageError("give TASK and POINTS (+5, -5 or =5) with --why, or only --comment")
        return "add", None
    number = float(points.replace("−", "-").lstrip("=")) if POINTS.fullmatch(points) else math.inf
    if not math.isfinite(number):
        raise click.UsageError(f"POINTS is a change such as +5, -2.5 or =20, not {points!r}")
    if not why.strip():
        raise click.UsageError("a change of points needs --why, which the student reads")
    return ("set" if points.startswith("=") else "add"), number


def _refuse_unknown(desk: Desk, student: str, topic: str, task: str) -> None:
    """GradebookError unless the topic's latest run has this student and, if one is named, this task."""
    from grader.core.errors import GradebookError

    run = desk.latest().get(topic)
    if run is None:
        raise GradebookError(f"no run graded {topic!r}; graded were: {', '.join(desk.latest()) or 'none'}")
    grades = {graded.grade.student: graded.grade for graded in desk.book.results(run=run.id)}
    if student not in grades:
        raise GradebookError(f"run {run.id} of {topic} has no student {student!r}{_nearest(student, grades)}")
    names = [each.name for each in grades[student].tasks]
    if task and task not in names:
        raise GradebookError(f"{topic} has no task {task!r}; its tasks are {', '.join(names) or 'unknown'}")


def _nearest(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def _list(adjustments: list[Adjustment], format_: str) -> None:
    if format_ == "json":
        options.print_json(adjustments)
        return
    for adjustment in adjustments:
        click.echo(_line(adjustment))
    if not adjustments:
        click.echo("no adjustments")


def _line(adjustment: Adjustment) -> str:
    from grader.report import plain

    what = f"{adjustment.task} {adjustment.words} ({adjustment.why})" if adjustment.words else "comment"
    comment = f": {adjustment.comment}" if adjustment.comment else ""
    gone = f" [revoked {adjustment.revoked:%Y-%m-%d}: {adjustment.revoked_why}]" if adjustment.revoked else ""
    when = f"{adjustment.recorded:%Y-%m-%d %H:%M}"
    return plain.line(f"{adjustment.id}  {when}  {adjustment.student}  {adjustment.topic}  {what}{comment}{gone}")
