"""``course review [NAME]``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from course.cli.form import form_option

if TYPE_CHECKING:
    from course.reviews.scoring import Finding, Score
    from grader.core.review import Key
    from grader.core.topic import Topic


@click.command("review")
@click.argument("name", required=False)
@click.option("--mark", "marks", multiple=True, metavar="LINE:KIND", help="a finding; as often as needed, asks nothing")
@click.option(
    "--check", "file", is_flag=False, flag_value="", default=None, metavar="[FILE]", help="check the code you mended"
)
@form_option
@click.pass_context
def command(context: click.Context, name: str | None, marks: tuple[str, ...], file: str | None, form: str) -> int:
    """Review the code NAME: mark lines, name what is wrong, mend it. Without NAME, list the reviews.

    Two points for each bug, one for its line and one for its kind; a false alarm costs one.
    """
    from course.reviews.released import PREFIX, all_reviews, open_review, read_key
    from course.reviews.scoring import score
    from grader.core.course import course_root
    from grader.report.results import tame_json

    root = course_root()
    if name is None:
        if marks or file is not None:
            raise click.UsageError("--mark and --check need a NAME")
        reviews = all_reviews(root)
        if form == "json":
            entries = [
                {
                    "name": topic.slug.removeprefix(PREFIX),
                    "title": topic.config.title,
                    "difficulty": topic.config.difficulty,
                    "minutes": topic.config.minutes,
                }
                for topic in reviews
            ]
            click.echo(tame_json(entries), nl=False)
            return 0
        for topic in reviews:
            click.echo(
                f"{topic.slug.removeprefix(PREFIX):20}  {'●' * topic.config.difficulty:4}  "
                f"{topic.config.minutes:3} min  {topic.config.title}"
            )
        return 0
    review = open_review(name, root)
    if file is not None:
        from course.cli import check

        mended = Path(file) if file else None
        code: int = context.invoke(check.command, topic=review.slug, file=mended, in_process=False, form=form)
        return code
    if form == "json":
        raise click.UsageError("--format json is for the list of reviews and for --check")
    key = read_key(review)
    if marks:
        findings = [_parsed(mark, key) for mark in marks]
    else:
        _show(review, key)
        findings = list(_ask(key))
    result = score(key, findings)
    for line in _told(result, key):
        click.echo(line)
    short = review.slug.removeprefix(PREFIX)
    if not _remember(root, review, result):
        click.echo("\nonly the first score of a review counts for what you know")
    click.echo(f"\nNow mend exercises/{review.slug}/{review.slug}.py, then: course review {short} --check")
    return 0


def _remember(root: Path, review: Topic, result: Score) -> bool:
    """Log the score; False if this review was scored, and explained, before: mastery takes the first."""
    from datetime import UTC, datetime

    from course.reviews.tags import tags_of
    from course.study.log import StudyLog, study_file

    log = StudyLog(study_file(root))
    first = not log.has_reviewed(review.slug)
    for tag in tags_of(review.slug):
        log.add_code_review(review.slug, tag, result.points / result.max_points, datetime.now(UTC))
    return first


def _parsed(mark: str, key: Key) -> Finding:
    from course.reviews.released import parse_finding

    try:
        return parse_finding(mark, key)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--mark") from None


def _show(review: Topic, key: Key) -> None:
    """What the code is for, and the code with its line numbers, coloured on a terminal."""
    brief = review.path / "README.md"
    click.echo((brief.read_text(encoding="utf-8") if brief.is_file() else review.config.title).rstrip() + "\n")
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.syntax import Syntax

        # The terminal's own colours, so that it can be read on light and on dark ground.
        Console().print(Syntax(key.code.rstrip(), "python", theme="ansi_dark", line_numbers=True, word_wrap=True))
    else:
        for number, line in enumerate(key.code.splitlines(), start=1):
            click.echo(f"{number:3} │ {line}".rstrip())


def _ask(key: Key) -> Iterator[Finding]:
    """Findings from the keyboard or a pipe until an empty line or the end; a slip is told and asked again."""
    from course.reviews.released import parse_finding
    from grader.core.review import KINDS

    click.echo("\nWhat is wrong? One finding a line, such as 12:gradient; an empty line ends. Kinds:")
    for kind, meaning in KINDS.items():
        click.echo(f"  {kind:10}  {meaning}")
    while True:
        if sys.stdin.isatty():
            click.echo("> ", nl=False)
        # readline, not input(): the end of a pipe is an end like an empty line.
        text = sys.stdin.readline()
        if not text.strip():
            return
        try:
            yield parse_finding(text, key)
        except ValueError as error:
            click.echo(str(error))


def _told(result: Score, key: Key) -> Iterator[str]:
    """The score, every bug with its explanation, and every false alarm."""
    code = key.code.splitlines()
    yield f"\nFindings: {result.points} of {result.max_points} points"
    for met in result.met:
        bug = met.bug
        lines = ", ".join(str(line) for line in bug.lines)
        mark = "✗ missed" if met.finding is None else "✓ found" if met.named else "~ line found, kind not"
        yield f"\n{mark}: {bug.title} ({'/'.join(bug.kinds)}; line {lines})"
        yield from (f"    {number:3} │ {code[number - 1]}".rstrip() for number in bug.lines)
        yield f"  {bug.why}"
    for alarm in result.alarms:
        line, kind = alarm.finding.line, alarm.finding.kind
        yield f"\n– false alarm: line {line} ({kind})"
        yield f"    {line:3} │ {code[line - 1]}".rstrip()
        if alarm.innocent is not None:
            yield f"  {alarm.innocent.why}"
