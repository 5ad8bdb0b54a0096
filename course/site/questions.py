"""The questions: a list, and one with its answer, which a visitor may write alone first."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from course.site.asked import field
from course.site.state import question_of, site_of
from course.study.suggest import covered

LONGEST_ANSWER: Final = 20_000
"""Characters; what is beyond them is not looked at."""


def listed(request: Request) -> Response:
    """All questions."""
    return site_of(request).page("questions.html", questions=list(site_of(request).questions.values()))


def shown(request: Request) -> Response:
    """One question; its answer is folded away."""
    return _page(request, None)


def compared(request: Request) -> Response:
    """The question again, with the key points that a written answer seems to cover."""
    return _page(request, field(request, "answer")[:LONGEST_ANSWER])


def _page(request: Request, own: str | None) -> Response:
    question = question_of(request)
    site = site_of(request)
    suggested = covered(own or "", question.key_points)
    return site.page(
        "question.html",
        question=question,
        own=own,
        points=list(zip(question.key_points, suggested, strict=True)),
        before=site.questions.get(question.number - 1),
        after=site.questions.get(question.number + 1),
        topic=site.topics.get(question.topic),
    )


ROUTES: Final = (
    Route("/questions", listed),
    Route("/questions/{number}", shown, methods=["GET"]),
    Route("/questions/{number}", compared, methods=["POST"]),
)
