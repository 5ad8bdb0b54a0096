"""What the engine's tests share: a toy course."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from grader.tests.toy import ToyCourse

# The toy course's own suite runs in sessions, not here.
collect_ignore = ["toy_course"]


@pytest.fixture(scope="session")
def toy_course() -> Iterator[ToyCourse]:
    """A toy course with live sessions; ``toy_course.altered({"support.py": text})`` makes another one."""
    course = ToyCourse()
    yield course
    course.close()
