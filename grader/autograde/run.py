"""Grading a class: what was graded before is reused, what is new is graded, and each result is kept as it comes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import msgspec

from grader.autograde.alike import grade_once, is_broken
from grader.autograde.desk import Desk, Judge
from grader.autograde.intake.roster import read_roster
from grader.autograde.outputs import FeedbackFolder, make_out, write_class_report, write_results
from grader.autograde.received import read_received, received_times
from grader.autograde.reuse import reusable, suite_of
from grader.autograde.sessions import Sessions
from grader.autograde.submissions import Submission, discover, renamed
from grader.core.digest import engine_digest
from grader.core.grade import Graded, Results
from grader.core.policy import Policy
from grader.core.topic import Topic
from grader.gradebook import Gradebook
from grader.gradebook.writer import single_writer
from grader.report.classdata import ClassTopic
from grader.report.reading import reading_of

if TYPE_CHECKING:
    from grader.autograde.cluster import Cluster


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What to grade and where to put it. ``level`` is the sandbox's: ``full``, ``landlock`` or ``none``.

    ``received`` is a CSV of when submissions came in, where their files' times don't tell.
    With a ``roster`` results carry its names for those who are on it.
    """

    topic: Topic
    submissions: Path
    level: str
    jobs: int
    out: Path
    gradebook: str = ""
    force: bool = False
    policy: Policy = Policy()
    received: Path | None = None
    roster: Path | None = None


class Progress(Protocol):
    """What is told while a class is graded."""

    def start(self, total: int, reused: int) -> None:
        """``total`` submissions were found, ``reused`` of which were graded before."""
        ...

    def advance(self, graded: Graded) -> None:
        """One more is graded, and in the gradebook."""
        ...


class Finished(msgspec.Struct, frozen=True):
    """A finished run. ``broken`` counts submissions on which the grader itself broke; ``missing`` handed in nothing."""

    results: Results
    report: Path
    reused: int
    broken: int
    missing: tuple[str, ...] = ()


def default_jobs() -> int:
    """One session a core that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def grade_class(plan: Plan, progress: Progress, cluster: Cluster | None = None) -> Finished:
    """Grade every submission of ``plan``, here or on a ``cluster``, and write gradebook, results, feedback and report.

    Each grade is in the gradebook before it is told to ``progress``, so that a run that is killed goes on where it
    stopped. GraderError if the host, the topic or a file fails.
    """
    topic = plan.topic
    found = discover(plan.submissions, topic.slug)
    missing: tuple[str, ...] = ()
    if plan.roster is not None:
        roster = read_roster(plan.roster)
        found = renamed(found, roster, topic.slug)
        missing = roster.missing(submission.student for submission in found)
    listed = read_received(plan.received, topic.slug) if plan.received is not None else None
    received = received_times(plan.submissions, found, listed)
    out = make_out(plan.out)
    graded: dict[str, Graded] = {}
    location = plan.gradebook or str(out / "gradebook.db")
    with closing(Sessions(topic, plan.level, plan.jobs, cluster=cluster)) as sessions, ExitStack() as stack:
        if plan.force or not ("://" in location or Path(location).exists()):
            # Nothing can be taken over: they start while the gradebook is made.
            sessions.start(len(found))
        suite, engine = suite_of(topic), engine_digest()
        book = stack.enter_context(Gradebook.open(location))
        stack.enter_context(single_writer(book, f"grader grade {topic.slug}"))
        before = {} if plan.force else reusable(book, topic.slug, suite, engine, plan.level, found)
        judging = Desk(book, plan.policy).judging(topic.slug, received)
        run = book.begin_run(topic.slug, suite.digest, engine, plan.level, suite.parts)
        for origin, reused_grades in before.items():
            book.link(run, *reused_grades, received=received, suite=origin)
            graded |= {each.grade.student: each for each in reused_grades}
        fresh = [submission for submission in found if submission.student not in graded]
        progress.start(len(found), len(graded))
        feedback = FeedbackFolder(out, topic.config.title, reading=reading_of(topic))
        for entry in graded.values():
            feedback.write(_judged(entry, judging))
        reused = len(graded)
        for result in grade_once(fresh, sessions.grade):
            book.record(run, result, received.get(result.grade.student))
            feedback.write(_judged(result, judging))
            graded[result.grade.student] = result
            progress.advance(result)
        book.finish_run(run)
    ordered = [_judged(graded[submission.student], judging) for submission in found]
    results = Results(topic.slug, suite.digest, engine, tuple(entry.grade for entry in ordered))
    write_results(out, results)
    of_class = ClassTopic(topic.config.title, suite.digest, engine, plan.level, ordered)
    report = write_class_report(out, [of_class], missing)
    return Finished(results, report, reused, sum(is_broken(entry) for entry in ordered), missing)


def grade_all(
    topic: Topic,
    submissions: Sequence[Submission],
    level: str,
    jobs: int,
    *,
    measure: bool = False,
    cluster: Cluster | None = None,
) -> Iterator[Graded]:
    """Grade ``submissions`` in ``jobs`` sessions, as they finish. GraderError if a session can't be opened.

    On a ``cluster`` there are as many sessions as its workers have threads. With ``measure``, for the audit, each says
    how much of its tolerance every check used.
    """
    return Sessions(topic, level, jobs, measure=measure, cluster=cluster).grade(submissions)


def _judged(graded: Graded, judging: Judge) -> Graded:
    return msgspec.structs.replace(graded, grade=judging(graded.grade))
