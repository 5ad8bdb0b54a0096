"""What the engine's tests share: a toy course."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from grader.tests.toy import ToyCourse

# A busy host is slow, not wrong.
settings.register_profile("busy host", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy host")

# The toy course's own suite runs in sessions, not here.
collect_ignore = ["toy_course"]


@pytest.fixture(scope="session")
def toy_course() -> Iterator[ToyCourse]:
    """A toy course with live sessions; ``toy_course.altered({"support.py": text})`` makes another one."""
    course = ToyCourse()
    yield course
    course.close()
