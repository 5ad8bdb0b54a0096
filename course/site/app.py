"""The routes, and what a visitor is told when something can't be done."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from course.site import cards, exams, explorer, history, home, interviews, questions, reviews, topics
from course.site.guard import Guard
from course.site.state import Site, site_of
from grader.core.errors import GraderError

STATIC: Final = Path(__file__).parent / "static"


def create_app(root: Path) -> Starlette:
    """The site over the course in ``root``."""
    files = {file.name: file.read_bytes() for file in STATIC.iterdir() if file.is_file()}

    def static(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in files:
            raise HTTPException(404, "there is no such file")
        return Response(files[name], media_type=mimetypes.guess_type(name)[0] or "text/plain")

    app = Starlette(
        routes=[
            Route("/static/{name}", static),
            Route("/figures/{slug}/{name}.svg", figure),
            *home.ROUTES,
            *topics.ROUTES,
            *questions.ROUTES,
            *explorer.ROUTES,
            *cards.ROUTES,
            *exams.ROUTES,
            *reviews.ROUTES,
            *interviews.ROUTES,
            *history.ROUTES,
        ],
        middleware=[Middleware(Guard)],
        exception_handlers={HTTPException: _refused, GraderError: _impossible},
    )
    app.state.site = Site(root)
    return app


def figure(request: Request) -> Response:
    """A lesson's drawing."""
    known = site_of(request).figures.get(f"{request.path_params['slug']}/{request.path_params['name']}")
    if known is None:
        raise HTTPException(404, "there is no such figure")
    return Response(known.svg, media_type="image/svg+xml")


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    # The router's own words for an address that it does not know are a status, no sentence.
    words = "There is no such page." if error.detail == "Not Found" else error.detail
    page = site_of(request).page("refused.html", error.status_code, title="This can't be shown", words=words)
    page.headers.update(error.headers or {})
    return page


def _impossible(request: Request, error: Exception) -> Response:
    """A sentence that says what to do: the student's own files are in the way, or an extra is missing."""
    return site_of(request).page("refused.html", 409, title="This can't be done", words=str(error))
