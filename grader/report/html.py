"""Grades as HTML: one self-contained page a student, and the environment that every page is made in.

The students' pages hold no script, load nothing, and forbid both in their head. Templates lie beside this module.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import groupby

import jinja2
from markupsafe import Markup, escape

from grader.core.grade import CheckGrade, Evidence, Grade, Graded, Outcome
from grader.core.verdict import Verdict
from grader.report import plain
from grader.report.picture import picture_html
from grader.report.reading import NO_READING, Reading, next_reading
from grader.report.repeats import AS_ABOVE, repeated
from grader.report.summary import share
from grader.report.text import late_words
from grader.report.verdicts import LABEL, MARK, tone

_NO_EVIDENCE = Evidence()
_CODE = re.compile(r"`([^`\n]+)`")


def feedback_html(
    grade: Grade, topic: str = "", evidence: Evidence = _NO_EVIDENCE, reading: Reading = NO_READING
) -> str:
    """A student's page: score, named mistakes, what to read next, tasks, and each check with its message.

    Of the ``evidence`` only the pictures of public checks are shown.
    """
    pictures = tuple(_pictures(grade, evidence).items())
    findings = _findings(grade.unnamed(), tuple(next_reading(grade, reading)), pictures)
    return template("feedback.html").render(grade=grade, topic=topic, findings=findings)


def fragment_html(graded: Graded | None, title: str, problem: str = "") -> str:
    """Feedback to be put into a page, such as a notebook, on the student's own machine: public checks, all evidence."""
    raised: list[Outcome] = []
    if graded is not None:
        outcomes = graded.evidence.outcomes
        raised = [outcome for outcome in outcomes if outcome.verdict is Verdict.RAISED and outcome.detail][:1]
    return template("fragment.html").render(
        graded=graded,
        title=title,
        problem=problem,
        first_raised=raised,
        pictures=_pictures(graded.grade, graded.evidence) if graded is not None else {},
    )


@lru_cache(maxsize=128)
def _findings(grade: Grade, reading: tuple[str, ...], pictures: tuple[tuple[str, Markup], ...]) -> Markup:
    """All of a page that does not say whose it is: much of a class shares it, as all do whose checks passed."""
    # Made by a template of ours, which escapes whatever is filled in.
    return Markup(  # noqa: S704
        template("findings.html").render(
            grade=grade,
            judgement=grade.judgement or None,
            reading=reading,
            sections=_sections(grade, pictures),
            passed=sum(check.verdict is Verdict.PASSED for check in grade.checks),
            broken=sum(check.verdict is Verdict.INTERNAL_ERROR for check in grade.checks),
        )
    )


def _sections(grade: Grade, pictures: tuple[tuple[str, Markup], ...]) -> list[Markup]:
    """What is said about each task's checks."""
    sections = []
    for name, group in groupby(_by_task(grade), key=lambda check: check.task):
        checks = tuple(group)
        ids = {check.id for check in checks}
        sections.append(_section(name, checks, tuple(each for each in pictures if each[0] in ids)))
    return sections


@lru_cache(maxsize=128)
def _section(name: str, checks: tuple[CheckGrade, ...], pictures: tuple[tuple[str, Markup], ...]) -> Markup:
    """One task's section: most of a class share it with others, above all the one in which everything passed."""
    # Made by a template of ours, which escapes whatever is filled in.
    return Markup(template("task.html").render(name=name, checks=checks, pictures=dict(pictures)))  # noqa: S704


def _pictures(grade: Grade, evidence: Evidence) -> dict[str, Markup]:
    """The pictures that a student may see: of a public check the first, by its name; nothing where there is none."""
    pictures: dict[str, Markup] = {}
    drawn = [(each.check, each.failure.picture) for each in evidence.outcomes if each.failure and each.failure.picture]
    public = {check.id for check in grade.checks if check.visibility == "public"} if drawn else ()
    for check, picture in drawn:
        if check in public and check not in pictures:
            # The fragment is made of numbers, and escapes the two texts in it.
            pictures[check] = Markup(picture_html(picture))  # noqa: S704
    return pictures


def _by_task(grade: Grade) -> list[CheckGrade]:
    order = {task.name: number for number, task in enumerate(grade.tasks)}
    return sorted(grade.checks, key=lambda check: order.get(check.task, len(order)))


def coded(value: str) -> Markup:
    """``value`` escaped, with what stands between backticks as code."""
    # What is put around the escaped text is ours.
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(plain.text(value)))))  # noqa: S704


def _clean(value: object) -> object:
    """Every text on its way into a page; markup that a template itself made passes."""
    return plain.text(value) if type(value) is str else value


@cache
def template(name: str) -> jinja2.Template:
    """A template of ours, in which whatever is filled in is cleaned and escaped."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("grader.report"),
        autoescape=True,
        # Else every page looks whether any of its templates has been edited since the last one.
        auto_reload=False,
        undefined=jinja2.StrictUndefined,
        finalize=_clean,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "number": plain.number,
        "per_cent": plain.per_cent,
        "clip": plain.clip,
        "coded": coded,
        "mark": MARK.__getitem__,
        "label": LABEL.__getitem__,
        "tone": tone,
    }
    environment.globals |= {"share": share, "late_words": late_words, "repeated": repeated, "as_above": AS_ABOVE}
    return environment.get_template(name)
