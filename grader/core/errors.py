"""Every exception of the grader.

::

    GraderError                      ours, never a student's; the CLI turns it into a sentence
     ├── CourseError                 an author's: topic.toml, a suite, a known answer
     ├── SandboxError                the host can't do what was asked
     ├── WireError                   a value that can't cross, or bytes that are no message
     └── GradebookError              the gradebook can't be read or written

    CheckFailure (AssertionError)    a check compared and found a difference
     ├── Mismatch                    values differ
     ├── WrongShape                  the shape differs
     └── WrongDtype                  the type or the dtype differs

    StudentFault                     the submission did not answer a call; carries its verdict
     ├── StudentRaised               RAISED: it raised
     ├── StudentMissing              FAILED: it does not define the name
     ├── StudentTimedOut             TIMED_OUT
     ├── StudentOutOfMemory          OUT_OF_MEMORY
     │    └── StudentKilled          OUT_OF_MEMORY, after a second try: its process was killed from outside
     ├── StudentCrashed              CRASHED: its process ended, or answered rubbish
     └── StudentForbidden            FORBIDDEN: it uses a banned name

Two worlds: nothing a student writes can raise a GraderError, and no GraderError costs a point.
"""

from __future__ import annotations

from typing import ClassVar

from grader.core.failure import Failure
from grader.core.verdict import Verdict


class GraderError(Exception):
    """The grader, its host or its course is at fault; the text is one sentence that says what to do."""


class CourseError(GraderError):
    """A topic's author must mend something."""


class SandboxError(GraderError):
    """The host lacks, or refused, a mechanism that grading needs."""


class WireError(GraderError):
    """A value can't be sent, or the bytes received are not a message."""


class GradebookError(GraderError):
    """The gradebook can't be opened, read or written."""


class CheckFailure(AssertionError):
    """A check's comparison failed; ``failure`` says how, field by field."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.sentence())
        self.failure = failure


class Mismatch(CheckFailure):
    """The values differ by more than the tolerance allows."""


class WrongShape(CheckFailure):
    """The shape is not the expected one."""


class WrongDtype(CheckFailure):
    """The type or the dtype is not the expected one."""


class StudentFault(Exception):
    """A call to the submission got no value; ``verdict`` is what the running check earns by it.

    ``place`` is (cell from 0, line from 1) of the submission, by its own account.
    """

    verdict: ClassVar[Verdict] = Verdict.CRASHED

    def __init__(self, reason: str, *, place: tuple[int, int] | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.place = place


class StudentRaised(StudentFault):
    """The submission raised.

    ``bases`` names the built-in classes in the exception's method resolution order, nearest first
    (``("IndexError", "LookupError", "Exception")``); ``text`` is what the submission put into the exception:
    only an instructor may read it.
    """

    verdict = Verdict.RAISED

    def __init__(
        self, bases: tuple[str, ...], text: str, *, place: tuple[int, int] | None = None, trace: str = ""
    ) -> None:
        super().__init__(bases[0] if bases else "an exception", place=place)
        self.bases = bases
        self.text = text
        self.trace = trace


class StudentMissing(StudentFault):
    """The submission does not define a name that the check calls."""

    verdict = Verdict.FAILED


class StudentTimedOut(StudentFault):
    """A call took longer than its limit."""

    verdict = Verdict.TIMED_OUT


class StudentOutOfMemory(StudentFault):
    """The submission asked for more memory than its limit."""

    verdict = Verdict.OUT_OF_MEMORY


class StudentKilled(StudentOutOfMemory):
    """The submission's process was killed from outside: by the system, for want of memory, or by someone."""


class StudentCrashed(StudentFault):
    """The submission's process ended, or sent something that is no answer."""

    verdict = Verdict.CRASHED


class StudentForbidden(StudentFault):
    """The submission uses a name that its topic bans."""

    verdict = Verdict.FORBIDDEN
