"""A student's standing: mastery by tag, from everything that the log and the exercises say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from course.content import Card
from course.study.log import StudyLog
from course.study.mastery import Mastery, Source, answer_shares, card_shares, exercise_shares, mastery
from course.study.schedule import recall_chance


def standing(
    log: StudyLog, cards: Sequence[Card], now: datetime, exercises: Mapping[str, float] | None = None
) -> list[Mastery]:
    """Mastery of each tag; ``exercises`` are shares of passing checks by topic, None where nothing is known of them."""
    recall = {card: recall_chance(scheduled, now) for card, scheduled in log.schedule().items()}
    shares: dict[Source, Mapping[str, float]] = {
        "cards": card_shares(cards, recall),
        "tests": answer_shares(log.answers()),
        "reviews": answer_shares(log.code_reviews()),
    }
    if exercises is not None:
        shares["exercises"] = exercise_shares(exercises)
    return mastery(shares)
