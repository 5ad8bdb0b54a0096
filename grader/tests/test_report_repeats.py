"""A message that a task's checks share is told once, in text, on the page and in a notebook."""

from __future__ import annotations

import json

import msgspec

from grader.core.grade import CheckGrade, Evidence, Graded, Results
from grader.core.verdict import Verdict
from grader.report.html import feedback_html, fragment_html
from grader.report.repeats import repeated
from grader.report.results import results_json
from grader.report.text import grade_text, task_text
from grader.tests.report_samples import grade

STUB = "the code raised a NotImplementedError\nline 3: raise …\nhelp: this is still the stub"


def check(name: str, message: str, task: str = "add", verdict: Verdict = Verdict.RAISED) -> CheckGrade:
    """A public check that did not pass."""
    return CheckGrade(name, task, f"Title of {name}", verdict, 0.0, 1.0, "public", message)


CHECKS = (
    *(check(name, STUB) for name in ("one", "two", "three")),
    check("other", STUB, task="mul"),
    check("last", STUB, task="mul"),
)


def test_what_a_stub_says_is_told_once_a_task() -> None:
    """Every check keeps its line, and the JSON every message."""
    whole = msgspec.structs.replace(grade(), checks=CHECKS)
    texts = [
        grade_text(whole),
        feedback_html(whole),
        fragment_html(Graded(whole, Evidence()), "Toy"),
    ]
    for text in texts:
        assert text.count("still the stub") == 2
        assert text.count("as above") == 3
        assert all(f"Title of {each.id}" in text for each in CHECKS)
    assert task_text(whole, "add").count("still the stub") == 1
    written = json.loads(results_json(Results("toy", "suite", "engine", (whole,))))
    assert [each["message"] for each in written["submissions"][0]["checks"]] == [STUB] * len(CHECKS)


def test_only_neighbours_of_one_task_with_long_messages_are_folded() -> None:
    """A short sentence is its own best summary; what differs, or stands elsewhere, is told in full."""
    checks = [
        check("a", STUB),
        check("b", STUB.replace("3", "4")),
        check("c", STUB),
        check("d", STUB, task="mul"),
        check("e", "the answer is wrong", task="mul"),
        check("f", "the answer is wrong", task="mul"),
    ]
    assert repeated(checks) == frozenset()
    assert repeated([*checks[:1], *checks[2:3]]) == {"c"}
    assert repeated([]) == frozenset()
