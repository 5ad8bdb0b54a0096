"""What the course's tests share: the ``course`` command."""

from __future__ import annotations

import pytest

from grader.tests.classroom import Command, command_here


@pytest.fixture
def course(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """``course`` in this process: ``course(folder, "check", "toy")``."""
    return command_here("course", monkeypatch, capsys)
