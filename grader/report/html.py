"""Grades as HTML: one self-contained page a student, and one for the instructor's class.

The pages hold no script, load nothing, and forbid both in their head. Templates lie beside this module.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import groupby
from typing import Any

import jinja2
import msgspec
from markupsafe import Markup

from grader.core.grade import CheckGrade, Evidence, Grade, Graded, Outcome
from grader.core.verdict import Verdict
from grader.report import plain
from grader.report.picture import picture_html
from grader.report.summary import BUCKETS, share, summarise
from grader.report.text import late_words
from grader.report.verdicts import LABEL, MARK

LONGEST_EVIDENCE = 4_000
"""How many characters of one captured text the class report repeats; the gradebook has the rest."""

_NO_EVIDENCE = Evidence()


class ClassTopic(msgspec.Struct, frozen=True):
    """A topic's section of the class report: what was graded, with what, in the order of the students' names."""

    topic: str
    suite_digest: str
    engine: str
    sandbox: str
    graded: Sequence[Graded]


def feedback_html(grade: Grade, topic: str = "", evidence: Evidence = _NO_EVIDENCE) -> str:
    """A student's page: score, named mistakes, tasks, and each check with its message.

    Of the ``evidence`` only the pictures of public checks are shown.
    """
    return _template("feedback.html").render(
        grade=grade,
        pictures=_pictures(grade, evidence),
        judgement=grade.judgement or None,
        topic=topic,
        tasks=[(name, list(checks)) for name, checks in groupby(_by_task(grade), key=lambda check: check.task)],
        passed=sum(check.verdict is Verdict.PASSED for check in grade.checks),
        broken=sum(check.verdict is Verdict.INTERNAL_ERROR for check in grade.checks),
    )


def fragment_html(graded: Graded | None, title: str, problem: str = "") -> str:
    """Feedback to be put into a page, such as a notebook, on the student's own machine: public checks, all evidence."""
    raised: list[Outcome] = []
    if graded is not None:
        shown = {check.id for check in graded.grade.checks}
        of_these = [outcome for outcome in graded.evidence.outcomes if outcome.check in shown]
        raised = [outcome for outcome in of_these if outcome.verdict is Verdict.RAISED and outcome.detail][:1]
    return _template("fragment.html").render(
        graded=graded,
        title=title,
        problem=problem,
        first_raised=raised,
        pictures=_pictures(graded.grade, graded.evidence) if graded is not None else {},
    )


def class_html(topics: Sequence[ClassTopic], title: str = "Class report") -> str:
    """The instructor's page. It shows hidden checks and what submissions printed: not for students."""
    return _template("class.html").render(title=title, sections=[_section(topic) for topic in topics])


def _section(topic: ClassTopic) -> dict[str, Any]:
    summary = summarise([graded.grade for graded in topic.graded])
    tallest = max(summary.buckets, default=0)
    return {
        "topic": topic,
        "summary": summary,
        "bars": [(name, count, share(count, tallest)) for name, count in zip(BUCKETS, summary.buckets, strict=True)],
        "tasks": list(dict.fromkeys(task.name for graded in topic.graded for task in graded.grade.tasks)),
        "rows": [
            {
                "number": number,
                "grade": graded.grade,
                "tasks": {task.name: task for task in graded.grade.tasks},
                "judgement": graded.grade.judgement or None,
                "evidence": graded.evidence,
                "open": [check for check in graded.grade.checks if check.verdict is not Verdict.PASSED],
                "told": _has_story(graded.grade, graded.evidence),
            }
            for number, graded in enumerate(topic.graded, start=1)
        ],
    }


def _has_story(grade: Grade, evidence: Evidence) -> bool:
    """Whether the report has more to say of a submission than its row in the table."""
    passed = all(check.verdict is Verdict.PASSED for check in grade.checks)
    said = evidence.output or evidence.notes or grade.flags or grade.mistakes
    return bool(said) or not (passed and grade.gradable)


def _pictures(grade: Grade, evidence: Evidence) -> dict[str, Markup]:
    """For each check the picture that its student may see: of public ones alone, and only where there is one."""
    pictures = {check.id: Markup() for check in grade.checks}
    public = {check.id for check in grade.checks if check.visibility == "public"}
    for outcome in evidence.outcomes:
        failure = outcome.failure
        if outcome.check in public and failure is not None and failure.picture is not None:
            # The fragment is made of numbers, and escapes the two texts in it.
            pictures[outcome.check] = pictures[outcome.check] or Markup(picture_html(failure.picture))  # noqa: S704
    return pictures


def _by_task(grade: Grade) -> list[CheckGrade]:
    order = {task.name: number for number, task in enumerate(grade.tasks)}
    return sorted(grade.checks, key=lambda check: order.get(check.task, len(order)))


def _heat(points: float, max_points: float) -> int:
    """0 for nothing, 4 for all, 1 to 3 between."""
    part = share(points, max_points)
    return 4 if part > 1 - 1e-9 else 0 if part <= 0 else min(1 + int(part * 3), 3)


def _clip(text: str) -> str:
    if len(text) <= LONGEST_EVIDENCE:
        return text
    return f"{text[:LONGEST_EVIDENCE]}\n… and {len(text) - LONGEST_EVIDENCE} more characters"


def _tone(verdict: Verdict) -> str:
    return "good" if verdict is Verdict.PASSED else {"student": "bad", "nobody": "idle"}.get(verdict.fault, "ours")


def _clean(value: object) -> object:
    """Every text on its way into a page; markup that a template itself made passes."""
    return plain.text(value) if type(value) is str else value


@cache
def _template(name: str) -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("grader.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_clean,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "number": plain.number,
        "per_cent": plain.per_cent,
        "clip": _clip,
        "mark": MARK.__getitem__,
        "label": LABEL.__getitem__,
        "tone": _tone,
    }
    environment.globals |= {"heat": _heat, "share": share, "late_words": late_words}
    return environment.get_template(name)
