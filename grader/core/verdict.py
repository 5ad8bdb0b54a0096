"""What a check concludes: a value, never an exception, and each says whose fault it is."""

from __future__ import annotations

from enum import StrEnum


class Verdict(StrEnum):
    """The outcome of one check on one submission."""

    PASSED = "PASSED"
    FAILED = "FAILED"
    RAISED = "RAISED"
    TIMED_OUT = "TIMED_OUT"
    OUT_OF_MEMORY = "OUT_OF_MEMORY"
    CRASHED = "CRASHED"
    FORBIDDEN = "FORBIDDEN"
    SKIPPED = "SKIPPED"
    INTERNAL_ERROR = "INTERNAL_ERROR"

    @property
    def fault(self) -> str:
        """``"student"``, ``"nobody"`` or ``"grader"``: who has something to mend."""
        if self is Verdict.INTERNAL_ERROR:
            return "grader"
        return "nobody" if self in (Verdict.PASSED, Verdict.SKIPPED) else "student"


MEANING: dict[Verdict, str] = {
    Verdict.PASSED: "the check passed",
    Verdict.FAILED: "the answer is not the expected one",
    Verdict.RAISED: "the code raised an exception",
    Verdict.TIMED_OUT: "the code took longer than its limit",
    Verdict.OUT_OF_MEMORY: "the code asked for more memory than its limit",
    Verdict.CRASHED: "the process running the code ended or answered rubbish",
    Verdict.FORBIDDEN: "the code uses a name that this topic bans",
    Verdict.SKIPPED: "not run, because a check it depends on did not pass",
    Verdict.INTERNAL_ERROR: "the grader broke; this costs no points",
}
