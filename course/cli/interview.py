"""``course interview``."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from course.cli import choosing

if TYPE_CHECKING:
    from course.study.interview import Interview, Step
    from course.study.judging import Judgement
    from course.study.log import StudyLog


class Said(NamedTuple):
    """An answer and its score (None where skipped); ``unproved`` and ``half`` as an exchange has them."""

    answer: str
    score: float | None
    unproved: bool = False
    half: bool = False


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
    from course.study import interview as interviews
    from course.study.log import StudyLog, study_file
    from grader.core.course import course_root

    root = course_root()
    log = StudyLog(study_file(root))
    unfinished = None if new else log.unfinished_interview()
    if unfinished is None:
        talk = _drawn(root, log, choosing.drawn_seed(seed), level, minutes)
        number = log.begin_interview(talk, datetime.now(UTC))
    else:
        number, talk = unfinished
        click.echo(f"going on after {len(talk.said)} answers; --new begins anew")
    out = console()
    click.echo(f"{talk.level}, {talk.minutes} minutes, {len(talk.plan)} parts; seed {talk.seed}; q breaks off")
    while (step := interviews.upcoming(talk)) is not None:
        said = _code(step, talk, root, log) if step.stage in ("review", "coding") else _answer(step)
        if said is None:
            click.echo("broken off; the same command goes on here")
            return 0
        talk = interviews.answered(
            talk, said.answer, said.score, unproved=said.unproved, half=said.half, now=datetime.now(UTC)
        )
        log.save_interview(number, talk)
    log.save_interview(number, talk, datetime.now(UTC))
    card = interviews.scorecard(talk)
    out.print(f"\nScorecard: {card.share:.0%}" if card.taken else "\nScorecard: nothing was scored", style="bold")
    if card.taken < card.parts:
        click.echo(f"{card.taken} of {card.parts} parts were taken; what was skipped is not in the score")
    for row in card.tags:
        out.print(f"  {TAGS[row.tag]}: {row.share:.0%} of {row.exchanges}", markup=False)
    if card.halved:
        click.echo(f"half done, only that half is scored: {', '.join(card.halved)}")
    if card.unproved:
        click.echo(f"by your own word, nothing was checked: {', '.join(card.unproved)}")
    if card.next_questions:
        out.print(f"next: course questions {', '.join(map(str, card.next_questions))}")
    if card.next_topics:
        out.print(f"exercises: {', '.join(card.next_topics)}")
    earlier = [interviews.scorecard(past) for _, past in log.interview_history()[:-1]]
    if shares := [f"{past.share:.0%}" for past in earlier if past.taken]:
        out.print(f"before: {', '.join(shares[-5:])}")
    return 0


def _drawn(root: Path, log: StudyLog, seed: int, level: str, minutes: int) -> Interview:
    """A plan over the reviews and exercises there are; what the student did already comes last."""
    from course.checks.progress import first_open_task, progress_rows
    from course.reviews.released import PREFIX, all_reviews
    from course.reviews.tags import tags_of
    from course.study.interview import CodeReview, CodingTask, begin
    from grader.core.memory import Memory
    from grader.core.topic import find_topics

    memory = Memory(root)
    exercises = {topic.slug: topic for topic in find_topics(root / "exercises")}
    rows = progress_rows(list(exercises.values()), memory)
    tasks = [
        CodingTask(row.topic, first_open_task(exercises[row.topic], memory), row.standing == "done") for row in rows
    ]
    reviews = [
        CodeReview(
            topic.slug.removeprefix(PREFIX), topic.config.title, tags_of(topic.slug), log.has_reviewed(topic.slug)
        )
        for topic in all_reviews(root)
    ]
    return begin(seed, level, minutes, reviews, tasks, datetime.now(UTC))  # type: ignore[arg-type]


def _asked(step: Step) -> None:
    from course.cli.asking import console, show

    out = console()
    out.print(f"\n{'follow-up' if step.follow_up else step.stage}" + _time(step), style="bold", markup=False)
    show(step.prompt, out)


def _answer(step: Step) -> Said | None:
    """What was said to a question and its score; None to break off."""
    from course.cli.asking import ask, ask_text, console

    _asked(step)
    if step.item is not None:
        out = console()
        for name, choice in zip("abcd", step.item.choices, strict=True):
            out.print(f"  {name}) {choice.text}", markup=False)
        letter = ask("your answer: ", "abcd")
        if letter is None:
            return None
        chosen = "abcd".index(letter)
        out.print(step.item.explanation, markup=False)
        return Said(step.item.choices[chosen].text, float(chosen == step.item.answer))
    answer = ask_text("your answer (an empty line ends it):")
    return None if answer is None else _scored(step, answer)


def _code(step: Step, talk: Interview, root: Path, log: StudyLog) -> Said | None:
    """How a review or a coding task went: its checks and findings, the student's word where there are none."""
    from course.cli.asking import ask

    _asked(step)
    key = ask("Enter when you are done (s skips): ", ("", "s"))
    while key == "":
        judgement = _judged(step, talk, root, log)
        if judgement is not None:
            click.echo(f"{judgement.score:.0%}: {judgement.words}")
            return Said(judgement.words, judgement.score, half=judgement.half)
        key = ask(
            "nothing was saved or handed in since; did it pass? y, n, s to skip, Enter to look again: ",
            ("", "y", "n", "s"),
        )
    if key is None:
        return None
    return Said("", {"y": 1.0, "n": 0.0, "s": None}[key], unproved=key != "s")


def _judged(step: Step, talk: Interview, root: Path, log: StudyLog) -> Judgement | None:
    from course.checks.proof import proved
    from course.cli.checking import check_and_remember
    from course.reviews.released import PREFIX
    from course.study.judging import judged
    from grader.autograde.local import check_file
    from grader.core.course import open_exercise
    from grader.core.memory import Memory
    from grader.core.work import work_file

    topic = open_exercise(step.name if step.stage == "coding" else PREFIX + step.name, root)
    memory = Memory(root)

    def check() -> None:
        check_and_remember(topic, work_file(topic), lambda file: check_file(topic, file, debug=False), memory)

    proof = proved(topic, memory, talk.since, step.task, check)
    return judged(step, log, talk.since, (proof.passed, proof.of) if proof else None)


def _scored(step: Step, answer: str) -> Said | None:
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
    return Said(answer, ticked / len(step.key_points))


def _time(step: Step) -> str:
    return f", {step.minutes} minutes" if step.minutes else ""
