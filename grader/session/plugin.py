"""The pytest plugin of a session: its run loop instead of pytest's, and what comes of one case.

Verdicts are made here, from what a check concludes.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from typing import Final, Literal

import msgspec
import pytest

from grader.core import errors
from grader.core.grade import Outcome
from grader.core.verdict import Verdict
from grader.session.collection import Case, case_id, check_id
from grader.session.student import Student
from grader.testing.pictures import beside_original

MARKS: Final = {
    "task(name)": "the task whose points the check shares",
    "depends(*checks)": "checks without which this one is SKIPPED",
    "weight(number)": "its share within the task, 1 by default",
    "public": "the student may read what it compared",
    "hidden": "the student may read its title and verdict only",
}

# Plugins that write files, capture output or look at other people's configuration; and their cost for every check.
WITHOUT: Final = """
    cacheprovider capture debugging doctest faulthandler junitxml legacypath logging monkeypatch nose pastebin
    recwarn setuponly setupplan stepwise terminal threadexception tmpdir unittest unraisableexception warnings
""".split()


class SuitePlugin:
    """Everything pytest asks of us. ``collected`` is given it, and the tests, once the suite of ``slug`` is there."""

    def __init__(self, slug: str, collected: Callable[[SuitePlugin, list[pytest.Function]], None]) -> None:
        self._slug = slug
        self._collected = collected
        self.error: BaseException | None = None
        self.student: Student | None = None
        self._outcome: Outcome | None = None

    def pytest_configure(self, config: pytest.Config) -> None:
        """Make the suites' marks known."""
        for mark, meaning in MARKS.items():
            config.addinivalue_line("markers", f"{mark}: {meaning}")

    @pytest.fixture(name="student")
    def _student(self) -> Student | None:
        return self.student

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep why a suite can't be collected."""
        if report.failed and self.error is None:
            lines = [line[1:].strip() for line in str(report.longrepr).splitlines() if line.startswith("E ")]
            why = " ".join(lines) or str(report.longrepr)
            self.error = errors.CourseError(f"the suite of {self._slug} can't be collected: {why}")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Hand over what was collected, in place of running it."""
        if self.error is None:
            try:
                self._collected(self, [item for item in session.items if isinstance(item, pytest.Function)])
            except BaseException as error:
                self.error = error
        return True

    def run_case(self, case: Case, following: pytest.Item | None) -> Outcome:
        """One case. A test that uses no fixture but ``student`` is called as it is: pytest has nothing to set up."""
        assert self.student is not None
        self.student.begin_check(case.task)
        outcome = case.passed if self.student.passes_as_before() else self._run(case, following)
        self.student.end_check(outcome)
        return outcome

    def _run(self, case: Case, following: pytest.Item | None) -> Outcome:
        start = time.monotonic()
        arguments = case.arguments(self.student)
        if arguments is not None:
            try:
                case.item.obj(**arguments)
                return case.passed
            except BaseException as error:
                outcome = self._conclude(case.item, error, in_call=True)
        else:
            outcome = self._run_with_fixtures(case.item, following)
        return msgspec.structs.replace(outcome, seconds=round(time.monotonic() - start, 6))

    def _run_with_fixtures(self, item: pytest.Item, following: pytest.Item | None) -> Outcome:
        self._outcome = None
        # The item before may have expected another one after it, which was skipped since.
        item.session._setupstate.teardown_exact(item)
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        return self._outcome or Outcome(
            check=check_id(item), case=case_id(item), verdict=Verdict.INTERNAL_ERROR, detail="pytest reported nothing"
        )

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport:
        """The outcome, and a report without the traceback that pytest would format for a terminal nobody reads."""
        if self._outcome is None or (call.excinfo is not None and self._outcome.verdict is Verdict.PASSED):
            if call.excinfo is not None:
                self._outcome = self._conclude(item, call.excinfo.value, call.when == "call")
            elif call.when == "call":
                self._outcome = Outcome(check=check_id(item), case=case_id(item), verdict=Verdict.PASSED)
        outcome: Literal["passed", "failed"] = "failed" if call.excinfo is not None else "passed"
        when = call.when if call.when in ("setup", "teardown") else "call"
        return pytest.TestReport(item.nodeid, item.location, {}, outcome, None, when, duration=call.duration)

    def _conclude(self, item: pytest.Item, error: BaseException, in_call: bool) -> Outcome:
        if isinstance(error, KeyboardInterrupt | errors.SandboxError):
            raise error
        check, case = check_id(item), case_id(item)
        last_call = self.student.last_call if self.student is not None else ""
        if isinstance(error, errors.CheckFailure):
            failure = error.failure
            if not failure.call:
                failure = msgspec.structs.replace(failure, call=last_call)
            if self.student is not None:
                failure = beside_original(failure, self.student.last_arguments)
            return Outcome(check=check, case=case, verdict=Verdict.FAILED, failure=failure, detail=failure.sentence())
        if isinstance(error, errors.StudentFault):
            return Outcome(
                check=check,
                case=case,
                verdict=error.verdict,
                reason=error.reason,
                cell=error.place[0] if error.place else 0,
                line=error.place[1] if error.place else None,
                detail=f"{last_call}\n{getattr(error, 'trace', '') or error.reason}".strip(),
            )
        text = "".join(traceback.format_exception(error))
        if isinstance(error, AssertionError) and in_call:
            return Outcome(check=check, case=case, verdict=Verdict.FAILED, detail=text)
        return Outcome(check=check, case=case, verdict=Verdict.INTERNAL_ERROR, detail=text)
