"""How well a student knows each tag: one number in [0, 1] from four sources, and what to study next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal

import msgspec

from course.content import TAGS, TOPIC_TAGS, Card

Source = Literal["cards", "tests", "reviews", "exercises"]
WEIGHTS: Final[dict[Source, int]] = {"cards": 1, "tests": 1, "reviews": 1, "exercises": 2}
"""Writing code that passes shows more than recognising an answer."""
RECENT: Final = 20
"""So many answers of a tag count: what was not known a year ago must not weigh for ever."""


class Mastery(msgspec.Struct, frozen=True):
    """A tag's mastery; ``sources`` are the shares it is made of, for those that have material on the tag."""

    tag: str
    share: float
    sources: dict[Source, float]


def card_shares(cards: Sequence[Card], recall: Mapping[str, float]) -> dict[str, float]:
    """By tag: the mean chance of remembering its cards, 0 for those never seen."""
    return _means([(tag, recall.get(card.id, 0.0)) for card in cards for tag in card.tags])


def question_shares(cards: Sequence[Card], recall: Mapping[str, float]) -> dict[int, float]:
    """By question: the mean chance of remembering its cards, 0 for those never seen."""
    grouped: dict[int, list[float]] = {}
    for card in cards:
        grouped.setdefault(card.question, []).append(recall.get(card.id, 0.0))
    return {question: sum(chances) / len(chances) for question, chances in grouped.items()}


def answer_shares(answers: Sequence[tuple[str, float]]) -> dict[str, float]:
    """By tag: the mean score of the latest answers; ``answers`` are (tag, score in [0, 1]), oldest first."""
    latest = {tag: [score for of, score in answers if of == tag][-RECENT:] for tag, _ in answers}
    return {tag: sum(scores) / len(scores) for tag, scores in latest.items()}


def exercise_shares(done: Mapping[str, float]) -> dict[str, float]:
    """By tag: the mean share of its exercises' checks that pass, 0 for those not begun; ``done`` is by topic."""
    return _means([(tag, done.get(topic, 0.0)) for topic, tags in TOPIC_TAGS.items() for tag in tags])


def mastery(shares: Mapping[Source, Mapping[str, float]]) -> list[Mastery]:
    """Each tag's mastery, in the order of the tags: the weighted mean over the sources that know the tag."""
    table = []
    for tag in TAGS:
        known = {source: shares[source][tag] for source in WEIGHTS if tag in shares.get(source, {})}
        weight = sum(WEIGHTS[source] for source in known)
        total = sum(WEIGHTS[source] * share for source, share in known.items())
        table.append(Mastery(tag, total / weight if weight else 0.0, known))
    return table


def weakest(table: Sequence[Mastery], count: int = 3) -> list[str]:
    """The tags to study next, the least known first."""
    return [row.tag for row in sorted(table, key=lambda row: row.share)[:count]]


def _means(pairs: Sequence[tuple[str, float]]) -> dict[str, float]:
    grouped: dict[str, list[float]] = {}
    for tag, share in pairs:
        grouped.setdefault(tag, []).append(share)
    return {tag: sum(shares) / len(shares) for tag, shares in grouped.items()}
