"""What each check is good for: the known wrong answers it catches, and how near right answers come to its tolerance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from grader.core.grade import CheckGrade, Graded, Visibility
from grader.core.verdict import Verdict

_CATCHES_NOTHING: Final = (Verdict.PASSED, Verdict.SKIPPED, Verdict.INTERNAL_ERROR)


class CheckReport(msgspec.Struct, frozen=True, kw_only=True):
    """One check, measured on the known answers.

    ``caught`` are the wrong answers that fail it, ``alone`` those that pass every other check. ``tolerance_used`` is
    the largest error of any right answer as a share of what the check's tolerance allows, None where it compares no
    inexact numbers, and ``nearest`` the answer that made it.
    """

    id: str
    task: str
    visibility: Visibility
    caught: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()
    tolerance_used: float | None = None
    nearest: str = ""


def report_checks(wrong: Mapping[str, Graded], right: Mapping[str, Graded]) -> tuple[CheckReport, ...]:
    """A report on every check of a suite, in its order, from the grades of known answers by name.

    ``right`` holds one answer at least, graded by a session that measures. A check that was SKIPPED caught nothing:
    the one it depends on did.
    """
    failing = {name: _failing(entry) for name, entry in wrong.items()}
    checks = next(iter(right.values())).grade.checks
    return tuple(_report(check, failing, right) for check in checks)


def _report(check: CheckGrade, failing: Mapping[str, Sequence[str]], right: Mapping[str, Graded]) -> CheckReport:
    used = {name: entry.tolerance_used[check.id] for name, entry in right.items() if check.id in entry.tolerance_used}
    share = max(used.values(), default=None)
    return CheckReport(
        id=check.id,
        task=check.task,
        visibility=check.visibility,
        caught=tuple(name for name, checks in failing.items() if check.id in checks),
        alone=tuple(name for name, checks in failing.items() if checks == [check.id]),
        tolerance_used=share,
        nearest=next(name for name in used if used[name] == share) if share else "",
    )


def _failing(entry: Graded) -> list[str]:
    return [check.id for check in entry.grade.checks if check.verdict not in _CATCHES_NOTHING]
