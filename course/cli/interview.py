"""``course interview``."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from course.cli import choosing

if TYPE_CHECKING:
    from course.study.interview import Step


@click.command("interview")
@click.option("--level", type=click.Choice(["junior", "mid", "senior"]), default="mid", show_default=True)
@click.option("--minutes", type=int, default=45, show_default=True, help="15 to 180")
@click.option("--new", is_flag=True, help="begin anew, though one was broken off")
@choosing.seed
def command(level: str, minutes: int, new: bool, seed: int | None) -> int:
    """Be interviewed: questions with follow-ups, arithmetic, a coding task; ends with a scorecard.

    One that was broken off goes on where it stopped.
    """
    from course.cli.asking import console
    from course.content import TAGS
    from course.reviews.released import PREFIX, all_reviews
    from course.reviews.tags import tags_of
    from course.study import interview as interviews
    from course.study.log import StudyLog, study_file
    from grader.core.course import course_root

    log = StudyLog(study_file(course_root()))
    unfinished = None if new else log.unfinished_interview()
    if unfinished is None:
        reviews = [
            interviews.CodeReview(topic.slug.removeprefix(PREFIX), topic.config.title, tags_of(topic.slug))
            for topic in all_reviews(course_root())
        ]
        talk = interviews.begin(choosing.drawn_seed(seed), level, minutes, reviews)  # type: ignore[arg-type]
        number = log.begin_interview(talk, datetime.now(UTC))
    else:
        number, talk = unfinished
        click.echo(f"going on after {len(talk.said)} answers; --new begins anew")
    out = console()
    click.echo(f"{talk.level}, {talk.minutes} minutes, {len(talk.plan)} parts; seed {talk.seed}; q breaks off")
    while (step := interviews.upcoming(talk)) is not None:
        said = _answer(step)
        if said is None:
            click.echo("broken off; the same command goes on here")
            return 0
        talk = interviews.answered(talk, *said)
        log.save_interview(number, talk)
    log.save_interview(number, talk, datetime.now(UTC))
    card = interviews.scorecard(talk)
    out.print(f"\nScorecard: {card.share:.0%}", style="bold")
    for row in card.tags:
        out.print(f"  {TAGS[row.tag]}: {row.share:.0%} of {row.exchanges}", markup=False)
    if card.next_questions:
        out.print(f"next: course questions {', '.join(map(str, card.next_questions))}")
    if card.next_topics:
        out.print(f"exercises: {', '.join(card.next_topics)}")
    earlier = [interviews.scorecard(past).share for _, past in log.interview_history()[:-1]]
    if earlier:
        out.print(f"before: {', '.join(f'{share:.0%}' for share in earlier[-5:])}")
    return 0


def _answer(step: Step) -> tuple[str, float | None] | None:
    """What was said to a step and its score; None to break off."""
    from course.cli.asking import ask, ask_text, console, show

    out = console()
    out.print(f"\n{'follow-up' if step.follow_up else step.stage}" + _time(step), style="bold", markup=False)
    show(step.prompt, out)
    if step.item is not None:
        for name, choice in zip("abcd", step.item.choices, strict=True):
            out.print(f"  {name}) {choice.text}", markup=False)
        letter = ask("your answer: ", "abcd")
        if letter is None:
            return None
        chosen = "abcd".index(letter)
        out.print(step.item.explanation, markup=False)
        return step.item.choices[chosen].text, float(chosen == step.item.answer)
    if not step.key_points:
        key = ask("when the time is up: did it pass? (y, n, s to skip): ", "yns")
        return None if key is None else ("", {"y": 1.0, "n": 0.0, "s": None}[key])
    answer = ask_text("your answer (an empty line ends it):")
    return None if answer is None else _scored(step, answer)


def _scored(step: Step, answer: str) -> tuple[str, float | None] | None:
    """Key points are shown and ticked; Enter takes the suggestion."""
    from course.cli.asking import ask
    from course.study.suggest import covered

    suggested = covered(answer, step.key_points)
    ticked = 0
    click.echo("tick what your answer covered: y, n, or Enter for the suggestion (words compared, not meanings)")
    for point, seems in zip(step.key_points, suggested, strict=True):
        key = ask(f"  {point} [{'y' if seems else 'n'}] ", ("", "y", "n"))
        if key is None:
            return None
        ticked += seems if key == "" else key == "y"
    return answer, ticked / len(step.key_points)


def _time(step: Step) -> str:
    return f", {step.minutes} minutes" if step.minutes else ""
