"""When a card is due again: the FSRS library decides, without its random fuzz, so that a history can be replayed."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from course.content import Card
from course.study.errors import MissingExtra

if TYPE_CHECKING:
    import fsrs

Rating = Literal["again", "hard", "good", "easy"]
RATINGS: Final[tuple[Rating, ...]] = ("again", "hard", "good", "easy")


class Scheduled(msgspec.Struct, frozen=True):
    """A card's schedule: when it is due, and the library's own state as JSON."""

    due: datetime
    state: str


@functools.cache
def _scheduler() -> fsrs.Scheduler:
    try:
        import fsrs
    except ModuleNotFoundError:
        raise MissingExtra("fsrs") from None
    return fsrs.Scheduler(enable_fuzzing=False)


def review(before: Scheduled | None, rating: Rating, now: datetime) -> Scheduled:
    """The schedule after a review at ``now`` (aware, UTC); ``before`` is None for a card never seen."""
    scheduler = _scheduler()
    import fsrs

    card = fsrs.Card(card_id=0, due=now) if before is None else fsrs.Card.from_dict(json.loads(before.state))
    after, _ = scheduler.review_card(card, fsrs.Rating(RATINGS.index(rating) + 1), now)
    return Scheduled(after.due, json.dumps(after.to_dict()))


def recall_chance(scheduled: Scheduled, now: datetime) -> float:
    """How likely the card is remembered at ``now``, in [0, 1]."""
    scheduler = _scheduler()
    import fsrs

    return float(scheduler.get_card_retrievability(fsrs.Card.from_dict(json.loads(scheduled.state)), now))


def queue(cards: Iterable[Card], schedule: Mapping[str, Scheduled], now: datetime, new: int) -> Sequence[Card]:
    """The cards to look at now: those due, the longest overdue first, then up to ``new`` never seen, in order."""
    cards = list(cards)
    due = [card for card in cards if card.id in schedule and schedule[card.id].due <= now]
    unseen = [card for card in cards if card.id not in schedule]
    return [*sorted(due, key=lambda card: schedule[card.id].due), *unseen[:new]]
