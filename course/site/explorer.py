"""The convolution explorer: one page, whose script does everything on the visitor's side."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from course.site.state import site_of


def shown(request: Request) -> Response:
    """The page."""
    return site_of(request).page("explorer.html")


ROUTES: Final = (Route("/explorer", shown),)
