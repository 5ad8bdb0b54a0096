"""A topic's page: lesson, tasks, and how the student's own file does, checked again at each save."""

from __future__ import annotations

from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from course.checks.progress import progress_row
from course.site.state import Site, site_of
from grader.core.topic import Topic
from grader.core.work import digest_of, is_untouched, work_file


def shown(request: Request) -> Response:
    """The topic's page."""
    site = site_of(request)
    topic = site.topic(request)
    if topic.slug not in site.topics:
        return RedirectResponse(f"/reviews/{topic.slug}")
    order = list(site.topics)
    place = order.index(topic.slug)
    return site.page(
        "topic.html",
        lesson=site.lessons.html(topic.path),
        notebook=topic.reference.with_suffix(".ipynb").is_file(),
        questions=[one for one in site.questions.values() if one.topic == topic.slug],
        before=site.topics[order[place - 1]] if place else None,
        after=site.topics[order[place + 1]] if place + 1 < len(order) else None,
        **checks_of(site, topic),
    )


def checks(request: Request) -> Response:
    """The part of the page that tells how the file does; it asks for a check if the file changed since."""
    site = site_of(request)
    return site.page("checks.html", **checks_of(site, site.topic(request)))


def check(request: Request) -> Response:
    """Run the checks; answers with that part of the page, or leads back to it where scripts are off."""
    site = site_of(request)
    topic = site.topic(request)
    file = work_file(topic)
    if file.is_file():
        site.checker.check(topic.slug, digest_of(file))
    if "hx-request" not in request.headers:
        return RedirectResponse(f"/topics/{topic.slug}#checks", 303)
    return site.page("checks.html", **checks_of(site, topic))


def notebook(request: Request) -> Response:
    """The topic's notebook, to be saved."""
    topic = site_of(request).topic(request)
    file = topic.reference.with_suffix(".ipynb")
    try:
        data = file.read_bytes()
    except OSError:
        raise HTTPException(404, "this topic has no notebook") from None
    names = {"content-disposition": f'attachment; filename="{topic.slug}.ipynb"'}
    return Response(data, media_type="application/x-ipynb+json", headers=names)


def checks_of(site: Site, topic: Topic) -> dict[str, Any]:
    """What the template ``checks.html`` shows of a topic or a code review."""
    row = progress_row(topic, site.memory())
    checked = site.memory().read(topic.slug).checked
    file = work_file(topic)
    known = checked is not None and row.standing != "not started"
    return {
        "topic": topic,
        "row": row,
        "file": file.relative_to(site.root) if file.is_file() else None,
        "untouched": is_untouched(topic),
        "results": list(checked.checks) if checked is not None and known else [],
        "gradable": checked is None or checked.gradable,
        "said": site.checker.said(topic.slug, digest_of(file)),
    }


ROUTES: Final = (
    Route("/topics/{slug}", shown),
    Route("/topics/{slug}/checks", checks, methods=["GET"]),
    Route("/topics/{slug}/checks", check, methods=["POST"]),
    Route("/topics/{slug}/notebook", notebook),
)
