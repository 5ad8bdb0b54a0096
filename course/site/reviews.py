"""Code reviews: mark lines and name what is wrong, see what was planted, and mend the file in the page."""

from __future__ import annotations

from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from course.reviews.released import read_key
from course.reviews.scoring import Finding, Score, score
from course.reviews.tags import tags_of
from course.site.asked import field
from course.site.state import now, site_of
from course.site.topics import checks_of
from grader.core.review import KINDS
from grader.core.topic import Topic
from grader.core.whole import write_whole
from grader.core.work import digest_of


def listed(request: Request) -> Response:
    """All code reviews."""
    site = site_of(request)
    log = site.log()
    done = {slug for slug in site.reviews if log.has_reviewed(slug)}
    return site.page("reviews.html", reviews=list(site.reviews.values()), done=done)


def shown(request: Request) -> Response:
    """The code, a choice of kinds beside each line, and below it the student's own file."""
    return _page(request, None)


def scored(request: Request) -> Response:
    """What the findings are worth; the first score of a review counts for what the student knows."""
    site = site_of(request)
    review = _review(request)
    key = read_key(review)
    lines = range(1, len(key.code.splitlines()) + 1)
    findings = [Finding(line, kind) for line in lines if (kind := field(request, f"line-{line}")) in KINDS]
    result = score(key, findings)
    for tag in tags_of(review.slug):
        site.log().add_code_review(review.slug, tag, result.points / result.max_points, now())
    return _page(request, result, {finding.line: finding.kind for finding in findings})


def mended(request: Request) -> Response:
    """Save the mended code to the student's own file and check it; what can't be saved stays in the editor."""
    site = site_of(request)
    review = _review(request)
    file = review.reference
    code = field(request, "code")
    unsaved = ""
    if field(request, "digest") != digest_of(file):
        unsaved = f"{file.name} changed on disk since it was shown. Your text is still here: save again to replace it."
    else:
        try:
            # A private file would be one that graders of the same machine can't read.
            write_whole(file, (code.rstrip("\n") + "\n").encode(), mode=file.stat().st_mode & 0o777)
        except OSError as error:
            unsaved = f"{file} can't be written ({error.strerror}). Your text is still here."
    if not unsaved:
        site.checker.check(review.slug, digest_of(file))
    status = 409 if unsaved else 200
    if "hx-request" in request.headers:
        shown = {"digest": digest_of(file), "unsaved": unsaved}
        return site.page("saved.html", status, **shown, **checks_of(site, review))
    if not unsaved:
        return RedirectResponse(f"/reviews/{review.slug}#checks", 303)
    return _page(request, None, own=code, unsaved=unsaved, status=status)


def _page(
    request: Request,
    result: Score | None,
    marked: dict[int, str] | None = None,
    *,
    own: str | None = None,
    unsaved: str = "",
    status: int = 200,
) -> Response:
    site = site_of(request)
    review = _review(request)
    return site.page(
        "review.html",
        status,
        brief=site.lessons.html(review.path),
        lines=read_key(review).code.splitlines(),
        kinds=KINDS,
        result=result,
        marked=marked or {},
        own=_own(review) if own is None else own,
        digest=digest_of(review.reference),
        unsaved=unsaved,
        **checks_of(site, review),
    )


def _review(request: Request) -> Topic:
    found = site_of(request).reviews.get(request.path_params["slug"])
    if found is None:
        raise HTTPException(404, "there is no such review")
    return found


def _own(review: Topic) -> str | None:
    try:
        return review.reference.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


ROUTES: Final = (
    Route("/reviews", listed),
    Route("/reviews/{slug}", shown, methods=["GET"]),
    Route("/reviews/{slug}", scored, methods=["POST"]),
    Route("/reviews/{slug}/code", mended, methods=["POST"]),
)
