"""What a request asks for, checked: everything in it may have been made up."""

from __future__ import annotations

from collections.abc import Collection
from typing import cast

from starlette.exceptions import HTTPException
from starlette.requests import Request


def field(request: Request, name: str) -> str:
    """A field of the form, empty if it was not sent."""
    return next(reversed(fields(request, name)), "")


def fields(request: Request, name: str) -> list[str]:
    """Every value of a field of the form."""
    form = cast("list[tuple[str, str]]", request.scope.get("form") or [])
    return [value for key, value in form if key == name]


def choice(request: Request, name: str, known: Collection[str]) -> str:
    """A field that must be one of ``known``; status 400 otherwise."""
    value = field(request, name)
    if value not in known:
        raise HTTPException(400, f"“{name}” must be one of {', '.join(known)}")
    return value


def number(text: str, least: int, most: int, what: str) -> int:
    """A whole number in a range; status 400 otherwise."""
    value = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else least - 1
    if not least <= value <= most:
        raise HTTPException(400, f"“{what}” must be a whole number from {least} to {most}")
    return value
