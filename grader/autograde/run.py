"""Grading a class: what was graded before is reused, what is new is graded, and each result is kept as it comes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, overload

import msgspec

from grader.autograde import child
from grader.autograde.desk import Desk, Judge
from grader.autograde.grading import lost
from grader.autograde.intake.roster import read_roster
from grader.autograde.outputs import FeedbackFolder, make_out, write_class_report, write_results
from grader.autograde.received import read_received, received_times
from grader.autograde.reuse import reusable, suite_of
from grader.autograde.submissions import Submission, discover, renamed
from grader.core import errors
from grader.core.digest import engine_digest
from grader.core.grade import CheckGrade, CheckSpec, Graded, Results
from grader.core.policy import Policy
from grader.core.topic import Topic
from grader.core.verdict import Verdict
from grader.executors.local import LocalProcesses
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


class Executor(Protocol):
    """Where sessions run."""

    def map(self, batches: Sequence[bytes]) -> Iterator[tuple[int, bytes | None]]:
        """Each job's number and result, in the order they finish; None for a job that was lost."""
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
    suite, engine = suite_of(topic), engine_digest()
    listed = read_received(plan.received, topic.slug) if plan.received is not None else None
    received = received_times(plan.submissions, found, listed)
    out = make_out(plan.out)
    graded: dict[str, Graded] = {}
    location = plan.gradebook or str(out / "gradebook.db")
    with Gradebook.open(location) as book, single_writer(book, f"grader grade {topic.slug}"):
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
        for result in grade_all(topic, fresh, plan.level, plan.jobs, cluster=cluster):
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
    return Finished(results, report, reused, sum(_is_broken(entry) for entry in ordered), missing)


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
    checks: list[CheckGrade] = []

    def greet(payload: bytes) -> None:
        reply = child.decode_reply(payload)
        if isinstance(reply, child.Failed):
            raise _raised(reply)
        if isinstance(reply, child.Opened) and not checks:
            checks.extend(_unknown(spec) for spec in reply.specs)

    def command(descriptor: int, lifeline: int, folder: str) -> list[str]:
        return [*child.command(topic, level, measure=measure), str(descriptor), str(lifeline), folder]

    pool: Executor = LocalProcesses(command, jobs, greet)
    if cluster is not None:
        pool = cluster.sessions(topic, measure=measure, greet=greet)
    same: dict[CheckGrade, CheckGrade] = {}
    for number, payload in pool.map(_Jobs(submissions)):
        if payload is None:
            yield lost(submissions[number], tuple(checks))
            continue
        reply = child.decode_reply(payload)
        if isinstance(reply, child.Failed):
            raise _raised(reply)
        if isinstance(reply, child.Done):
            # Most of a class's checks say the same: kept once each, ten thousand submissions fit into little memory.
            grade = reply.graded.grade
            checks_once = tuple(same.setdefault(check, check) for check in grade.checks)
            yield msgspec.structs.replace(reply.graded, grade=msgspec.structs.replace(grade, checks=checks_once))


class _Jobs(Sequence[bytes]):
    """Submissions as a session is sent them, each made when it is its turn."""

    def __init__(self, submissions: Sequence[Submission]) -> None:
        self._submissions = submissions

    def __len__(self) -> int:
        return len(self._submissions)

    @overload
    def __getitem__(self, index: int) -> bytes: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[bytes]: ...

    def __getitem__(self, index: int | slice) -> bytes | Sequence[bytes]:
        if isinstance(index, slice):
            return _Jobs(self._submissions[index])
        return child.encode_job(self._submissions[index])


def _unknown(spec: CheckSpec) -> CheckGrade:
    """A check of a submission of which nothing is known."""
    return CheckGrade(spec.id, spec.task, spec.title, Verdict.INTERNAL_ERROR, 0.0, 0.0, spec.visibility)


def _raised(failed: child.Failed) -> errors.GraderError:
    kind = getattr(errors, failed.kind, errors.GraderError)
    return kind(failed.reason) if issubclass(kind, errors.GraderError) else errors.GraderError(failed.reason)


def _is_broken(graded: Graded) -> bool:
    return any(check.verdict is Verdict.INTERNAL_ERROR for check in graded.grade.checks)


def _judged(graded: Graded, judging: Judge) -> Graded:
    return msgspec.structs.replace(graded, grade=judging(graded.grade))
