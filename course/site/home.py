"""The home page: the path through the course, what is due, and what comes next."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from course.checks.progress import next_topic
from course.content import cards
from course.site.state import now, site_of
from course.study import schedule
from course.study.mastery import question_shares

NEW_CARDS: Final = 10


def home(request: Request) -> Response:
    """Topics in order, each with its questions and how far they are."""
    site = site_of(request)
    rows = site.rows()
    known = site.log().schedule()
    recall = {card: schedule.recall_chance(scheduled, now()) for card, scheduled in known.items()}
    waiting = schedule.queue(cards(), known, now(), NEW_CARDS)
    return site.page(
        "home.html",
        rows=rows,
        topics=site.topics,
        next=next((row for row in rows if row.topic == next_topic(rows)), None),
        questions={slug: [one for one in site.questions.values() if one.topic == slug] for slug in site.topics},
        recall=question_shares(cards(), recall),
        due=sum(card.id in known for card in waiting),
        new=sum(card.id not in known for card in waiting),
        done=sum(row.standing == "done" for row in rows),
    )


ROUTES: Final = (Route("/", home),)
