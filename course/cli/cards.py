"""``course cards``."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from course.cli import choosing

if TYPE_CHECKING:
    from course.content import Card


@click.command("cards")
@click.option("--new", type=click.IntRange(0), default=10, show_default=True, help="so many cards never seen before")
@choosing.levels
@choosing.tags
@choosing.export("anki", "markdown", "html")
def command(new: int, levels: tuple[str, ...], tags: tuple[str, ...], export: tuple[str, Path] | None) -> int:
    """Review the flashcards that are due, and some new ones; each rating is remembered at once."""
    from course.cli.asking import ask, console, pause, show
    from course.content import cards, figure_file
    from course.study import schedule
    from course.study.log import StudyLog, study_file
    from grader.core.course import course_root

    chosen = [card for card in cards() if choosing.fits(card.level, card.tags, levels, tags)]
    if export is not None:
        _export(chosen, *export)
        return 0
    log = StudyLog(study_file(course_root()))
    known = log.schedule()
    waiting = schedule.queue(chosen, known, datetime.now(UTC), new)
    if not waiting:
        later = [known[card.id].due for card in chosen if card.id in known]
        click.echo("no card is due" + (f"; the next one {_when(min(later))}" if later else ""))
        return 0
    out = console()
    click.echo(f"{len(waiting)} cards; Enter turns one over, then 1 again, 2 hard, 3 good, 4 easy; q stops")
    for number, card in enumerate(waiting, 1):
        front, back = card.sides()
        out.print(f"\n{number}/{len(waiting)}  {', '.join(card.tags)}", style="dim", markup=False)
        show(front, out)
        if card.figure:
            click.echo(f"picture: {figure_file(card.figure, course_root())}")
        if not pause(""):
            break
        show(back, out)
        key = ask("1 again  2 hard  3 good  4 easy: ", "1234")
        if key is None:
            break
        now = datetime.now(UTC)
        rating = schedule.RATINGS[int(key) - 1]
        after = schedule.review(known.get(card.id), rating, now)
        log.rate(card.id, rating, after, now)
        click.echo(f"comes again {_when(after.due)}")
    return 0


def _when(due: datetime) -> str:
    minutes = (due - datetime.now(UTC)).total_seconds() / 60
    if minutes < 90:
        return f"in {max(1, round(minutes))} min"
    return f"in {minutes / 60:.0f} h" if minutes < 36 * 60 else f"in {minutes / 1440:.0f} days"


def _export(chosen: list[Card], format_: str, file: Path) -> None:
    from course.study import anki, export
    from course.study.errors import StudyError
    from grader.core.course import course_root

    root = course_root()
    if format_ == "anki":
        try:
            anki.write_deck(chosen, root, file)
        except OSError as error:
            raise StudyError(f"{file} can't be written: {error.strerror}") from None
    else:
        choosing.write(file, export.cards_html(chosen, root) if format_ == "html" else export.cards_markdown(chosen))
    click.echo(f"{len(chosen)} cards: {file}")
