"""``course test``."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import click

from course.cli import choosing


@click.command("test")
@click.option("--count", type=click.IntRange(1, 60), default=10, show_default=True, help="items")
@choosing.levels
@choosing.tags
@choosing.seed
def command(count: int, levels: tuple[str, ...], tags: tuple[str, ...], seed: int | None) -> int:
    """Take a timed technical test with freshly drawn numbers, and see your score by tag."""
    from rich.table import Table

    from course.checks.progress import progress_rows
    from course.cli.asking import ask, console
    from course.cli.checking import all_exercises
    from course.content import LEVELS, TAGS, cards
    from course.study import exam as exams
    from course.study.log import StudyLog, study_file
    from course.study.mastery import weakest
    from course.study.overview import standing
    from grader.core.course import course_root
    from grader.core.memory import Memory

    exam = exams.draw(
        choosing.drawn_seed(seed), count, [level for level in LEVELS if not levels or level in levels], tags
    )
    log = StudyLog(study_file(course_root()))
    number = log.begin_exam(exam, datetime.now(UTC))
    out = console()
    click.echo(f"{count} items, {exam.seconds // 60} min {exam.seconds % 60} s; seed {exam.seed}; q hands in")
    start = time.monotonic()
    answers: list[exams.Answer] = []
    for place, item in enumerate(exam.items):
        left = exam.seconds - (time.monotonic() - start)
        if left <= 0:
            click.echo("\nthe time is up")
            break
        out.print(f"\n{place + 1}/{count}  {TAGS[item.tag]}, {item.level}, {left / 60:.0f} min left", style="dim")
        out.print(item.stem, markup=False)
        for name, choice in zip("abcd", item.choices, strict=True):
            out.print(f"  {name}) {choice.text}", markup=False)
        letter = ask("your answer, or s to skip: ", "abcds")
        if letter is None:
            break
        answer = exams.Answer(None if letter == "s" else "abcd".index(letter), time.monotonic() - start)
        answers.append(answer)
        log.answer(number, exam, place, answer)
    log.finish_exam(number, datetime.now(UTC))
    result = exams.score(exam, answers)
    out.print(f"\n{result.right} of {result.asked} right", style="bold")
    table = Table("Tag", "Right", "Of", box=None, pad_edge=False)
    for tag, score in result.tags.items():
        table.add_row(TAGS[tag], str(score.right), str(score.asked))
    out.print(table)
    for place, slip in result.slips.items():
        item = exam.items[place]
        out.print(f"\n{place + 1}. {item.stem}", markup=False)
        out.print(f"right: {item.choices[item.answer].text}; yours: {slip}", markup=False)
        out.print(item.explanation, markup=False)
    root, exercises = all_exercises()
    done = {row.topic: row.share for row in progress_rows(exercises, Memory(root))}
    weak = weakest(standing(log, cards(), datetime.now(UTC), done))
    out.print(
        f"\nleast known so far, cards and exercises included: {', '.join(TAGS[tag] for tag in weak)}", markup=False
    )
    return 0
