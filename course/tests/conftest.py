"""What the course's tests share: the ``course`` command, and a student's course on the study site."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from course.figures.reference import ROOT
from course.site.app import create_app
from course.tests.site_address import HOME
from grader.tests.classroom import Command, command_here, heed_interrupts

heed_interrupts()


@pytest.fixture
def course(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """``course`` in this process: ``course(folder, "check", "toy")``."""
    return command_here("course", monkeypatch, capsys)


@pytest.fixture
def site_course(tmp_path: Path) -> Path:
    """A student's course with nothing remembered yet."""
    shutil.copytree(ROOT / "exercises", tmp_path / "exercises")
    return tmp_path


@pytest.fixture
def client(site_course: Path) -> Iterator[TestClient]:
    """A browser on one of the site's own pages."""
    with TestClient(create_app(site_course), base_url=HOME, headers={"origin": HOME}) as made:
        yield made
