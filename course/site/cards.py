"""Card review: one card at a time, its back folded away, four ratings."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from course.content import Card, cards
from course.site.asked import choice
from course.site.state import now, site_of
from course.study import schedule

NEW_CARDS: Final = 10


def shown(request: Request) -> Response:
    """The first card that is waiting."""
    return _page(request, None)


def rated(request: Request) -> Response:
    """Remember a rating and show the next card, or lead back to it where scripts are off."""
    known = {card.id: card for card in cards()}
    card = known[choice(request, "card", known)]
    rating = schedule.RATINGS[schedule.RATINGS.index(choice(request, "rating", schedule.RATINGS))]
    log = site_of(request).log()
    before = log.schedule().get(card.id)
    after = schedule.review(before, rating, now())
    log.rate(card.id, rating, after, now())
    if "hx-request" not in request.headers:
        return RedirectResponse("/cards", 303)
    return _page(request, (card, after))


def _page(request: Request, last: tuple[Card, schedule.Scheduled] | None) -> Response:
    site = site_of(request)
    known = site.log().schedule()
    waiting = schedule.queue(cards(), known, now(), NEW_CARDS)
    card = waiting[0] if waiting else None
    return site.page(
        "cards.html" if last is None else "card.html",
        card=card,
        sides=card.sides() if card else ("", ""),
        due=sum(one.id in known for one in waiting),
        new=sum(one.id not in known for one in waiting),
        next_due=min((scheduled.due for scheduled in known.values()), default=None),
        last=last,
        question=site.questions[card.question] if card else None,
    )


ROUTES: Final = (Route("/cards", shown, methods=["GET"]), Route("/cards", rated, methods=["POST"]))
