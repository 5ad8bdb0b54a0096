"""Code reviews: mark lines and name what is wrong, see what was planted, and mend the file in the page."""

from __future__ import annotations

from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from course.checks.work import digest_of
from course.reviews.released import read_key
from course.reviews.scoring import Finding, Score, score
from course.reviews.tags import tags_of
from course.site.asked import field
from course.site.state import now, site_of
from course.site.topics import checks_of
from course.study.errors import StudyError
from grader.core.review import KINDS
from grader.core.topic import Topic
from grader.core.whole import write_whole


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
    """Save the mended code to the student's own file and check it, unless the file changed meanwhile."""
    site = site_of(request)
    review = _review(request)
    file = review.reference
    if field(request, "digest") != digest_of(file):
        raise HTTPException(409, f"{file.name} changed on disk since this page was made: load it again")
    try:
        code = field(request, "code").rstrip("\n") + "\n"
        # A private file would be one that graders of the same machine can't read.
        write_whole(file, code.encode(), mode=file.stat().st_mode & 0o777)
    except OSError as error:
        raise StudyError(f"{file} can't be written ({error.strerror}): nothing was changed") from None
    site.checker.check(review.slug, digest_of(file))
    return RedirectResponse(f"/reviews/{review.slug}#checks", 303)


def _page(request: Request, result: Score | None, marked: dict[int, str] | None = None) -> Response:
    site = site_of(request)
    review = _review(request)
    return site.page(
        "review.html",
        brief=site.lessons.html(review.path),
        lines=read_key(review).code.splitlines(),
        kinds=KINDS,
        result=result,
        marked=marked or {},
        own=_own(review),
        digest=digest_of(review.reference),
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
