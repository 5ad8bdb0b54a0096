"""The interview: a plan drawn from level and time, follow-ups that depend on the last answer, and a scorecard.

An interview is a value. ``upcoming`` says what to ask, ``answered`` gives the interview after an answer, so that it can
be stored after each step and gone on with after a crash.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from random import Random
from typing import Final, Literal

import msgspec

from course.content import LEVELS, TOPIC_TAGS, Level, Question, question_numbered, questions
from course.study.errors import StudyError
from course.technical import GENERATORS, Item

Stage = Literal["warm-up", "depth", "whiteboard", "review", "coding"]
SHORTEST: Final = 15
LONGEST: Final = 180
MINUTES: Final[dict[Stage, int]] = {"warm-up": 3, "depth": 6, "whiteboard": 3, "review": 10, "coding": 20}
"""What one step of each stage is given; a follow-up shares its question's minutes."""
STRONG: Final = 0.5
"""From this share of key points on, a follow-up digs instead of helping."""
HARDEST_TOPIC: Final[dict[Level, int]] = {"junior": 7, "mid": 13, "senior": 18}
"""How far along the eighteen topics the coding task may lie."""


class CodeReview(msgspec.Struct, frozen=True):
    """A code review that an interview may hold; one that was ``explained`` before is taken last."""

    name: str
    title: str
    tags: tuple[str, ...]
    explained: bool = False


class CodingTask(msgspec.Struct, frozen=True):
    """A task of an exercise that an interview may hold; one that is ``done`` is taken last."""

    topic: str
    task: str = ""
    done: bool = False


class Step(msgspec.Struct, frozen=True):
    """Something to ask. ``name`` is a question's number, an item's kind, a code review or a topic with its ``task``.

    ``key_points`` are what an answer is scored by; an ``item`` has a right choice, and code is checked, so they have
    none.
    """

    stage: Stage
    name: str
    prompt: str
    minutes: int
    tags: tuple[str, ...]
    key_points: tuple[str, ...] = ()
    item: Item | None = None
    follow_up: bool = False
    task: str = ""


class Exchange(msgspec.Struct, frozen=True):
    """A step and how it went: ``score`` in [0, 1], None where it was skipped; skipped steps are not scored.

    ``unproved`` where code was to be written and the student's word is all there is; ``half`` of a code review where
    only that was begun.
    """

    step: Step
    answer: str
    score: float | None
    unproved: bool = False
    half: bool = False


class Interview(msgspec.Struct, frozen=True):
    """A drawn plan and what was said so far; ``since`` is when the upcoming step was first asked."""

    seed: int
    level: Level
    minutes: int
    plan: tuple[Step, ...]
    said: tuple[Exchange, ...] = ()
    since: datetime | None = None


class TagResult(msgspec.Struct, frozen=True):
    """A tag's mean score over the exchanges that touched it."""

    tag: str
    share: float
    exchanges: int


class Scorecard(msgspec.Struct, frozen=True):
    """The outcome: over all, by tag (weakest first), and the questions and topics to study next.

    Of the plan's ``parts`` those count that were ``taken``, of the ``halved`` reviews the half that was begun.
    ``unproved`` names the reviews and exercises that the student's word alone is counted for.
    """

    share: float
    tags: tuple[TagResult, ...]
    next_questions: tuple[int, ...]
    next_topics: tuple[str, ...]
    unproved: tuple[str, ...] = ()
    halved: tuple[str, ...] = ()
    taken: int = 0
    parts: int = 0


def begin(
    seed: int,
    level: Level,
    minutes: int,
    reviews: Sequence[CodeReview] = (),
    tasks: Sequence[CodingTask] = (),
    now: datetime | None = None,
) -> Interview:
    """An interview of at most ``minutes``; ``reviews`` are the code reviews there are, ``tasks`` one for each exercise.

    Everything gets a share of the time; a review and a coding task come in where there is room for them.
    """
    if not SHORTEST <= minutes <= LONGEST:
        raise StudyError(f"an interview lasts {SHORTEST} to {LONGEST} minutes, not {minutes}")
    rng = Random(seed)
    at_level = LEVELS.index(level)
    easy = [question for question in questions() if question.level == "junior"]
    deep = [question for question in questions() if at_level - 1 <= LEVELS.index(question.level) <= at_level]
    items = [kind for kind in GENERATORS if LEVELS.index(kind.level) <= at_level]
    plan = [_question(rng.choice(easy), "warm-up"), _whiteboard(rng.choice(items).generate(rng))]
    left = minutes - sum(step.minutes for step in plan)
    late: list[Step] = []
    if left >= MINUTES["coding"] + MINUTES["depth"]:
        near = list(TOPIC_TAGS)[: HARDEST_TOPIC[level]]
        known = [task for task in tasks if task.topic in near] or [CodingTask(topic) for topic in near]
        late.append(_coding(rng.choice([task for task in known if not task.done] or known)))
        left -= MINUTES["coding"]
    if reviews and left >= MINUTES["review"] + MINUTES["depth"]:
        chosen = rng.choice([review for review in reviews if not review.explained] or list(reviews))
        prompt = (
            f"{chosen.title}. Mark its bugs (`course review {chosen.name}` in another window), then mend the file: "
            "your findings and your file are looked at when you are done."
        )
        late.insert(0, Step("review", chosen.name, prompt, MINUTES["review"], chosen.tags))
        left -= MINUTES["review"]
    asked = {step.name for step in plan}
    candidates = [question for question in rng.sample(deep, len(deep)) if str(question.number) not in asked]
    depth = [_question(question, "depth") for question in candidates[: left // MINUTES["depth"]]]
    return Interview(seed, level, minutes, (plan[0], *depth, plan[1], *late), since=now)


def upcoming(interview: Interview) -> Step | None:
    """What to ask now: a follow-up of the question just answered, or the plan's next step; None at the end."""
    if interview.said:
        last = interview.said[-1]
        if last.step.key_points and not last.step.follow_up and last.score is not None:
            return _follow_up(last)
    done = sum(not exchange.step.follow_up for exchange in interview.said)
    return interview.plan[done] if done < len(interview.plan) else None


def answered(
    interview: Interview,
    answer: str,
    score: float | None,
    *,
    unproved: bool = False,
    half: bool = False,
    now: datetime | None = None,
) -> Interview:
    """The interview after the upcoming step was answered at ``now``.

    ``score`` is the share of key points or of checks, or right or wrong; ``unproved`` if it is the student's own word,
    ``half`` if it is of one half of a review.
    """
    step = upcoming(interview)
    if step is None:
        raise StudyError("this interview is over: begin another one")
    if score is not None and not 0 <= score <= 1:
        raise StudyError(f"a score lies between 0 and 1, not at {score}")
    exchange = Exchange(step, answer, score, unproved, half)
    return msgspec.structs.replace(interview, said=(*interview.said, exchange), since=now)


def scorecard(interview: Interview) -> Scorecard:
    """The mean score, by tag too, and what to study next: the questions and topics of the weakest tags."""
    scored = [(exchange.step, exchange.score) for exchange in interview.said if exchange.score is not None]
    by_tag: dict[str, list[float]] = {}
    for step, points in scored:
        for tag in step.tags:
            by_tag.setdefault(tag, []).append(points)
    tags = sorted(
        (TagResult(tag, sum(points) / len(points), len(points)) for tag, points in by_tag.items()),
        key=lambda row: row.share,
    )
    weak = {row.tag for row in tags if row.share < 1}
    missed = [step for step, points in scored if points < 1]
    numbers = dict.fromkeys(int(step.name) for step in missed if step.key_points)
    topics = dict.fromkeys(question_numbered(number).topic for number in numbers)
    for topic, own in TOPIC_TAGS.items():
        if weak & set(own):
            topics.setdefault(topic)
    share = sum(points for _, points in scored) / len(scored) if scored else 0.0
    return Scorecard(
        share,
        tuple(tags),
        tuple(numbers)[:5],
        tuple(topics)[:3],
        unproved=tuple(exchange.step.name for exchange in interview.said if exchange.unproved),
        halved=tuple(exchange.step.name for exchange in interview.said if exchange.half),
        taken=sum(not step.follow_up for step, _ in scored),
        parts=len(interview.plan),
    )


def _question(question: Question, stage: Stage) -> Step:
    return Step(stage, str(question.number), question.title, MINUTES[stage], question.tags, question.key_points)


def _whiteboard(item: Item) -> Step:
    return Step("whiteboard", item.kind, item.stem, MINUTES["whiteboard"], (item.tag,), item=item)


def _coding(chosen: CodingTask) -> Step:
    topic = chosen.topic
    again = f" once more (`course reset {topic}` puts a fresh stub there and keeps your file)" if chosen.done else ""
    what = f"`{chosen.task}`" if chosen.task else "one task"
    prompt = f"Write {what} of the exercise {topic}{again}. Save the file: it is checked when you are done."
    return Step("coding", topic, prompt, MINUTES["coding"], TOPIC_TAGS[topic], task=chosen.task)


def _follow_up(last: Exchange) -> Step:
    question = question_numbered(int(last.step.name))
    went = "strong" if last.score is not None and last.score >= STRONG else "weak"
    chosen = next(follow_up for follow_up in question.follow_ups if follow_up.after == went)
    return msgspec.structs.replace(
        last.step, prompt=chosen.ask, key_points=chosen.key_points, minutes=0, follow_up=True
    )
