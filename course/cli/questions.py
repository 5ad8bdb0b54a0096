"""``course questions [NUMBER]``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from course.cli import choosing
from course.cli.form import form_option

if TYPE_CHECKING:
    from course.content import Question


@click.command("questions")
@click.argument("number", type=int, required=False)
@click.option("--ask", "asked", is_flag=True, help="write your own answer first")
@choosing.levels
@choosing.tags
@choosing.export("markdown", "html")
@form_option
def command(
    number: int | None,
    asked: bool,
    levels: tuple[str, ...],
    tags: tuple[str, ...],
    export: tuple[str, Path] | None,
    form: str,
) -> int:
    """List the interview questions, or show question NUMBER with its answer."""
    from rich.table import Table

    from course.cli.asking import ask_text, console
    from course.content import question_numbered, questions
    from course.study import export as write
    from grader.core.course import course_root
    from grader.report.results import tame_json

    chosen = [question for question in questions() if choosing.fits(question.level, question.tags, levels, tags)]
    if number is not None:
        chosen = [question_numbered(number)]
    if export is not None:
        format_, file = export
        text = write.questions_html(chosen, course_root()) if format_ == "html" else write.questions_markdown(chosen)
        choosing.write(file, text)
        click.echo(f"{len(chosen)} questions: {file}")
        return 0
    if form == "json":
        if asked:
            raise click.UsageError("--ask waits for your answer, so it has no --format json")
        click.echo(tame_json(chosen), nl=False)
        return 0
    out = console()
    if number is None and not asked:
        table = Table("No", "Question", "Level", "Tags", box=None, pad_edge=False)
        for question in chosen:
            table.add_row(str(question.number), question.title, question.level, ", ".join(question.tags))
        out.print(table)
        out.print("\n`course questions 6` shows one; `--ask` lets you answer first.", markup=False)
        return 0
    for question in chosen:
        out.print(f"\n{question.number}. {question.title}", style="bold", markup=False)
        out.print(f"{question.level} · {', '.join(question.tags)} · exercise {question.topic}", markup=False)
        if asked:
            answer = ask_text("your answer (an empty line ends it, q stops):")
            if answer is None:
                return 0
            _compare(answer, question.key_points)
        _show(question)
    return 0


def _compare(answer: str, key_points: tuple[str, ...]) -> None:
    from course.study.suggest import covered

    click.echo("suggestion (words compared, not meanings):")
    for point, seems in zip(key_points, covered(answer, key_points), strict=True):
        click.echo(f"  {'+' if seems else '-'} {point}")


def _show(question: Question) -> None:
    from course.cli.asking import console, show
    from course.content import figure_file
    from grader.core.course import course_root

    out = console()
    show(question.answer, out)
    if question.figure:
        click.echo(f"picture: {figure_file(question.figure, course_root())}")
    out.print("\nKey points", style="bold")
    show("\n".join(f"- {point}" for point in question.key_points), out)
    out.print("\nOften believed", style="bold")
    show(f"{question.wrong_belief} {question.truth}", out)
    out.print("\nWhat comes next", style="bold")
    for follow_up in question.follow_ups:
        show(f"*after a {follow_up.after} answer:* {follow_up.ask}", out)
        show("\n".join(f"- {point}" for point in follow_up.key_points), out)
