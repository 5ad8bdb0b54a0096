"""A topic's sessions, on this machine or on a cluster, and the grades that come from them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Protocol, overload

import msgspec

from grader.autograde import jobs
from grader.autograde.submissions import Submission
from grader.core import errors
from grader.core.grade import CheckGrade, CheckSpec, Grade, Graded
from grader.core.topic import Topic
from grader.core.verdict import Verdict
from grader.executors.local import LocalProcesses

if TYPE_CHECKING:
    from grader.autograde.cluster import Cluster


class Executor(Protocol):
    """Where sessions run."""

    def map(self, batches: Sequence[bytes]) -> Iterator[tuple[int, bytes | None]]:
        """Each job's number and result, in the order they finish; None for a job that was lost."""
        ...


class Sessions:
    """``jobs`` sessions on ``topic``, or as many as a ``cluster``'s workers have threads.

    With ``measure``, for the audit, each grade says how much of its tolerance every check used.
    """

    def __init__(
        self, topic: Topic, level: str, count: int, *, measure: bool = False, cluster: Cluster | None = None
    ) -> None:
        def command(descriptor: int, lifeline: int, folder: str) -> list[str]:
            return [*jobs.command(topic, level, measure=measure), str(descriptor), str(lifeline), folder]

        self._checks: list[CheckGrade] = []
        self._here: LocalProcesses | None = None
        if cluster is not None:
            self._executor: Executor = cluster.sessions(topic, measure=measure, greet=self._greet)
        else:
            self._executor = self._here = LocalProcesses(command, count, self._greet)

    def start(self, most: int) -> None:
        """Have those of this machine start now, for at most so many submissions, which come later."""
        if self._here is not None:
            self._here.start(most)

    def close(self) -> None:
        """End those that were started and got nothing to do."""
        if self._here is not None:
            self._here.close()

    def grade(self, submissions: Sequence[Submission]) -> Iterator[Graded]:
        """Grade ``submissions``, as they finish. GraderError if a session can't be opened."""
        same: dict[CheckGrade, CheckGrade] = {}
        for number, payload in self._executor.map(_Jobs(submissions)):
            if payload is None:
                yield _lost(submissions[number], tuple(self._checks))
                continue
            reply = jobs.decode_reply(payload)
            if isinstance(reply, jobs.Failed):
                raise _raised(reply)
            if isinstance(reply, jobs.Done):
                # Most of a class's checks say the same: kept once each, ten thousand grades fit into little memory.
                grade = reply.graded.grade
                checks_once = tuple(same.setdefault(check, check) for check in grade.checks)
                yield msgspec.structs.replace(reply.graded, grade=msgspec.structs.replace(grade, checks=checks_once))

    def _greet(self, payload: bytes) -> None:
        reply = jobs.decode_reply(payload)
        if isinstance(reply, jobs.Failed):
            raise _raised(reply)
        if isinstance(reply, jobs.Opened) and not self._checks:
            self._checks.extend(_unknown(spec) for spec in reply.specs)


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
        return jobs.encode_job(self._submissions[index])


def _unknown(spec: CheckSpec) -> CheckGrade:
    """A check of a submission of which nothing is known."""
    return CheckGrade(spec.id, spec.task, spec.title, Verdict.INTERNAL_ERROR, 0.0, 0.0, spec.visibility)


def _raised(failed: jobs.Failed) -> errors.GraderError:
    kind = getattr(errors, failed.kind, errors.GraderError)
    return kind(failed.reason) if issubclass(kind, errors.GraderError) else errors.GraderError(failed.reason)


def _lost(submission: Submission, checks: tuple[CheckGrade, ...]) -> Graded:
    """The entry of a submission on which the grader itself broke twice: nothing is known, so nothing is counted."""
    grade = Grade(
        student=submission.student,
        file=submission.file,
        digest=submission.digest,
        gradable=True,
        score=0.0,
        max_score=0.0,
        seconds=0.0,
        flags=(*submission.notes, "the grader broke on this submission: it has to be graded again"),
        checks=checks,
    )
    return Graded(grade)
