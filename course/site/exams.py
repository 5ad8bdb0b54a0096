"""The technical test: drawn here, one item at a time against the clock, a score by tag at the end."""

from __future__ import annotations

from random import SystemRandom
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from course.content import LEVELS, TAGS
from course.site.asked import choice, field, fields, number
from course.site.state import now, site_of
from course.study import exam as exams
from course.study.log import Sitting
from course.study.mastery import weakest
from course.technical import GENERATORS

MOST_ITEMS: Final = 60
GRACE: Final = 5.0
"""Seconds that a click on the last moment may take to arrive."""


def offered(request: Request) -> Response:
    """What a test may be about, and the one that was broken off."""
    kinds = {kind.tag for kind in GENERATORS}
    site = site_of(request)
    return site.page(
        "tests.html",
        levels=LEVELS,
        kinds=[tag for tag in TAGS if tag in kinds],
        most=MOST_ITEMS,
        open=site.log().open_sitting(),
        history=site.log().exam_history()[-5:],
    )


def begun(request: Request) -> Response:
    """Draw a test and begin it."""
    count = number(field(request, "count"), 1, MOST_ITEMS, "items")
    levels = [level for level in LEVELS if level in fields(request, "level")] or LEVELS
    tags = [tag for tag in TAGS if tag in fields(request, "tag")]
    exam = exams.draw(SystemRandom().randrange(1_000_000), count, levels, tags)
    begun_as = site_of(request).log().begin_exam(exam, now())
    return RedirectResponse(f"/test/{begun_as}", 303)


def shown(request: Request) -> Response:
    """The next item of a test, or its result once it is over."""
    sitting = _sitting(request)
    site = site_of(request)
    passed = (now() - sitting.begun).total_seconds()
    if sitting.finished or passed > sitting.exam.seconds + GRACE:
        return _result(request, sitting)
    place = next((place for place in range(len(sitting.exam.items)) if place not in sitting.answers), None)
    if place is None:
        return _result(request, sitting)
    return site.page(
        "test.html",
        sitting=sitting,
        place=place,
        item=sitting.exam.items[place],
        left=max(0, round(sitting.exam.seconds - passed)),
    )


def answered(request: Request) -> Response:
    """Remember an answer, or that the test is handed in."""
    sitting = _sitting(request)
    log = site_of(request).log()
    if not sitting.finished:
        act = choice(request, "act", ("answer", "skip", "hand in"))
        if act != "hand in":
            place = number(field(request, "place"), 0, len(sitting.exam.items) - 1, "place")
            chosen = field(request, "choice")
            passed = (now() - sitting.begun).total_seconds()
            # An item that comes twice, from a second window or a reload, keeps its first answer.
            if place not in sitting.answers and passed <= sitting.exam.seconds + GRACE:
                kept = None if act == "skip" or not chosen else number(chosen, 0, 3, "choice")
                log.answer(
                    sitting.number, sitting.exam, place, exams.Answer(kept, min(passed, float(sitting.exam.seconds)))
                )
                sitting.answers[place] = exams.Answer(kept, passed)
        if act == "hand in" or len(sitting.answers) == len(sitting.exam.items):
            log.finish_exam(sitting.number, now())
    return RedirectResponse(f"/test/{sitting.number}", 303)


def _sitting(request: Request) -> Sitting:
    text = request.path_params["number"]
    found = site_of(request).log().sitting(int(text)) if text.isascii() and text.isdigit() and len(text) < 10 else None
    if found is None:
        raise HTTPException(404, "there is no such test")
    return found


def _result(request: Request, sitting: Sitting) -> Response:
    site = site_of(request)
    unanswered = exams.Answer(None, 0.0)
    answers = [sitting.answers.get(place, unanswered) for place in range(len(sitting.exam.items))]
    return site.page(
        "result.html",
        sitting=sitting,
        result=exams.score(sitting.exam, answers),
        answers=answers,
        weak=weakest(site.mastery()),
    )


ROUTES: Final = (
    Route("/test", offered, methods=["GET"]),
    Route("/test", begun, methods=["POST"]),
    Route("/test/{number}", shown, methods=["GET"]),
    Route("/test/{number}", answered, methods=["POST"]),
)
