"""What every page draws on: the course on disk, and what its student did so far."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import jinja2
from markupsafe import Markup, escape
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse

from course.checks.progress import Row, progress_rows
from course.content import TAGS, Question, cards, questions
from course.reviews.released import all_reviews
from course.site.checking import Checker
from course.site.lessons import Figures, Lessons, rendered
from course.study.log import StudyLog, study_file
from course.study.mastery import Mastery
from course.study.overview import standing
from grader.core.errors import CourseError
from grader.core.memory import Memory
from grader.core.topic import Topic, find_topics

TEMPLATES: Final = Path(__file__).parent / "templates"


class Site:
    """A student's course in ``root``. Topics and figures are read once; what the student does is read every time.

    CourseError if ``root`` holds no exercises.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.topics = {topic.slug: topic for topic in find_topics(root / "exercises")}
        if not self.topics:
            raise CourseError(f"{root} holds no exercises/: change to the folder of the course you were given")
        self.reviews = {review.slug: review for review in all_reviews(root)}
        self.questions = {question.number: question for question in questions()}
        self.figures = Figures(root)
        self.lessons = Lessons(self.figures)
        self.checker = Checker(root)
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(TEMPLATES),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=jinja2.StrictUndefined,
        )
        self._templates.globals.update(tags=TAGS, figure=self._figure)
        self._templates.filters.update(markdown=_markdown, percent=_percent, when=_when)

    def page(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """The page of a template."""
        return HTMLResponse(self._templates.get_template(template).render(values), status)

    def log(self) -> StudyLog:
        """The student's log."""
        return StudyLog(study_file(self.root))

    def memory(self) -> Memory:
        """What is remembered of the student's checks."""
        return Memory(self.root)

    def rows(self) -> list[Row]:
        """The progress of each exercise."""
        return progress_rows(list(self.topics.values()), self.memory())

    def mastery(self) -> list[Mastery]:
        """The mastery of each tag, exercises included."""
        done = {row.topic: row.share for row in self.rows()}
        return standing(self.log(), cards(), now(), done)

    def topic(self, request: Request) -> Topic:
        """The topic or code review that a request's path names; status 404 if there is none."""
        slug = request.path_params["slug"]
        found = self.topics.get(slug) or self.reviews.get(slug)
        if found is None:
            raise HTTPException(404, "there is no such topic")
        return found

    def _figure(self, name: str, alt: str) -> Markup:
        return Markup(self.figures.img(name, str(escape(alt))))  # noqa: S704 escaped


def site_of(request: Request) -> Site:
    """The site that a request came to."""
    found: Site = request.app.state.site
    return found


def question_of(request: Request) -> Question:
    """The question a request's path names; status 404 if there is none."""
    text = request.path_params["number"]
    found = site_of(request).questions.get(int(text)) if text.isascii() and text.isdigit() and len(text) < 4 else None
    if found is None:
        raise HTTPException(404, "there is no such question")
    return found


def now() -> datetime:
    """The time, aware."""
    return datetime.now(UTC)


def _markdown(text: str) -> Markup:
    return Markup(rendered(text))  # noqa: S704 the renderer escapes HTML


def _percent(share: float) -> str:
    return f"{share:.0%}"


def _when(due: datetime) -> str:
    minutes = (due - now()).total_seconds() / 60
    if minutes < 90:
        return f"in {max(1, round(minutes))} min"
    return f"in {minutes / 60:.0f} h" if minutes < 36 * 60 else f"in {minutes / 1440:.0f} days"
