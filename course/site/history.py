"""What the student did so far, and how well each tag is known, as charts and as tables."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from course.content import TAGS
from course.site import charts
from course.site.state import now, site_of
from course.study.interview import scorecard

DAYS: Final = 30


def shown(request: Request) -> Response:
    """Mastery by tag, cards by day, tests and interviews over time."""
    site = site_of(request)
    log = site.log()
    table = site.mastery()
    reviewed = Counter(at.date() for _, _, at in log.reviews())
    today = now().date()
    days = [(day := today - timedelta(days=back), reviewed[day]) for back in reversed(range(DAYS))]
    tests = [(at, right / asked if asked else 0.0) for at, right, asked in log.exam_history()]
    cards = [(at, scorecard(talk)) for at, talk in log.interview_history()]
    talks = [(at, card.share) for at, card in cards if card.taken]
    return site.page(
        "history.html",
        mastery=table,
        mastery_chart=charts.shares([(TAGS[row.tag], row.share) for row in table], "Mastery by tag"),
        reviews=sum(reviewed.values()),
        cards_chart=charts.columns(days, f"Cards reviewed on each of the last {DAYS} days"),
        tests=tests,
        tests_chart=charts.line([share for _, share in tests], "Share of right answers, test by test"),
        interviews=talks,
        interviews_chart=charts.line([share for _, share in talks], "Score of each interview"),
    )


ROUTES: Final = (Route("/history", shown),)
