"""A gradebook after a few weeks, and all that its reader is told of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from grader.autograde.desk import Desk
from grader.core.grade import Results
from grader.core.late import LateRules
from grader.core.movement import movements
from grader.core.policy import Policy
from grader.core.verdict import Verdict
from grader.gradebook import Gradebook, Suite, find_run
from grader.gradebook.checkup import problems
from grader.tests.records import begin, graded

NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)


def a_course(gradebook_url: str) -> dict[str, Any]:
    """A gradebook after a few weeks: two topics, a reuse, adjustments, a publication; what its reader is told of it."""
    policy = Policy(due={"toy": NOON}, late=LateRules(per_cent_a_day=10, tokens=1), drop_lowest=1)
    with Gradebook.open(gradebook_url) as book:
        first = book.begin_run("toy", "s1", "e1", "full", b"parts")
        for name, verdict in (("bob", Verdict.PASSED), ("Ada", Verdict.FAILED), ("ünal", Verdict.SKIPPED)):
            book.record(first, graded(name, verdict=verdict), NOON.replace(day=8))
        book.finish_run(first)
        other = begin(book, topic="other")
        book.record(other, graded("Ada", score=3.0))
        book.finish_run(other)
        book.adjust("toy", "Ada", "add", 2.0, why="the idea")
        gone = book.adjust("toy", "Ada", "add", -1.0, why="a slip")
        book.revoke(gone, "it was mine")
        book.adjust("toy", "bob", comment="Well done")
        second = book.begin_run("toy", "s2", "e1", "full", b"other parts")
        known = book.known("toy", "s1", "e1", "full", b"parts")
        book.link(second, known["bob", "d1"], received={"bob": NOON}, suite=Suite("s1", b"parts"))
        book.record(second, graded("Ada", score=4.0), NOON.replace(day=6, hour=13))
        book.finish_run(second)
        desk = Desk(book, policy)
        run = find_run(book.runs(), "latest", "toy")
        book.publish(run.id, Results(run.topic, run.suite_digest, run.engine, desk.grades(run)))
        return told(desk)


def told(desk: Desk) -> dict[str, Any]:
    """All that a reader is told of a gradebook, but for when its rows were made."""
    book = desk.book
    runs = book.runs()
    return {
        "runs": [(run.id, run.topic, run.suite_digest, run.submissions, run.finished is None) for run in runs],
        "graded": {run.id: desk.graded(run) for run in runs},
        "grades": {run.id: desk.grades(run) for run in runs},
        "received": {run.id: book.received(run.id) for run in runs},
        "suites": book.suites("toy", "e1", "full"),
        "adjustments": [
            (each.id, each.student, each.words, each.why, each.comment, each.revoked is None, each.revoked_why)
            for each in book.adjustments(revoked=True)
        ],
        "publications": [(each.run, each.topic) for each in book.publications()],
        "published": book.published("toy"),
        "moved": movements(
            [each.grade for each in book.results(run=1)], [each.grade for each in book.results(run=runs[-1].id)]
        ),
        "course": desk.course(),
        "problems": problems(book),
    }
