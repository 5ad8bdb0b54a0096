"""Who may talk to the site: browsers on this machine that show its own pages.

A site on localhost can be reached by every web page that the browser shows. A request is answered only if its Host is
a loopback name (no rebinding of names), if no other origin sent it, and, where it changes something, if it says that
the site itself did. Pages may load and run nothing but the site's own files.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qsl

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LONGEST_BODY: Final = 200_000
"""Bytes: a review's mended code fits many times over."""
MOST_FIELDS: Final = 500
HEADERS: Final = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    # Not no-referrer: with it, browsers hide the origin of the site's own forms, too.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
_LOOPBACK: Final = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?", re.ASCII)


class Guard:
    """Middleware that refuses strangers, reads forms into ``scope["form"]`` and adds the headers of every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        refusal = refused(scope["method"], Headers(scope=scope))
        if refusal is None and scope["method"] not in ("GET", "HEAD"):
            body = await _read(receive)
            form = None if body is None else _parsed(body)
            if form is None:
                refusal = 413, "that is more than this site takes"
            scope["form"] = form
        if refusal is not None:
            status, words = refusal
            await PlainTextResponse(words, status)(scope, receive, send_with_headers)
            return
        await self._app(scope, receive, send_with_headers)


def refused(method: str, headers: Headers) -> tuple[int, str] | None:
    """Why a request is refused, as a status and a sentence; None if it may go on."""
    host = headers.get("host", "")
    if len(headers.getlist("host")) != 1 or not _LOOPBACK.fullmatch(host):
        return 421, "this site answers to localhost only"
    origin = headers.get("origin")
    if origin is not None and origin != f"http://{host}":
        return 403, "another page may not use this site"
    if origin is None and method not in ("GET", "HEAD"):
        return 403, "only this site's own pages may change something"
    # A link from elsewhere may open a page, but no page elsewhere may load one as a part of itself.
    site, mode = headers.get("sec-fetch-site", "none"), headers.get("sec-fetch-mode", "navigate")
    if site not in ("same-origin", "none") and mode != "navigate":
        return 403, "another page may not use this site"
    return None


async def _read(receive: Receive) -> bytes | None:
    """The request's body; None if it is too long."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > LONGEST_BODY:
            return None
        if not message.get("more_body"):
            return bytes(body)


def _parsed(body: bytes) -> list[tuple[str, str]] | None:
    """The fields of a form; None if there are too many. Bytes that are no text become question marks."""
    text = body.decode("utf-8", "replace")
    try:
        fields = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="replace")
    except ValueError:
        return None
    # Browsers end a textarea's lines as on paper; files and patterns here end them with one character.
    return [(name, value.replace("\r\n", "\n").replace("\x00", "\ufffd")) for name, value in fields]
