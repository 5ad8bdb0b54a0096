"""What the engine's tests share: a toy course and the ``grader`` command."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from grader.tests.classroom import Command, command_here
from grader.tests.toy import ToyCourse

# A busy host is slow, not wrong.
settings.register_profile("busy host", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy host")

# What known mistakes answer is kept in the user's cache: the tests have one of their own, for as long as they run.
_CACHE = tempfile.TemporaryDirectory(prefix="grader-tests-")
os.environ["XDG_CACHE_HOME"] = _CACHE.name

# The toy course's own suite runs in sessions, not here.
collect_ignore = ["toy_course"]


@pytest.fixture(scope="session")
def toy_course() -> Iterator[ToyCourse]:
    """A toy course with live sessions; ``toy_course.altered({"support.py": text})`` makes another one."""
    course = ToyCourse()
    yield course
    course.close()


@pytest.fixture
def grader(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """``grader`` in this process: ``grader(folder, "grade", "toy", "class")``."""
    return command_here("grader", monkeypatch, capsys)
