"""A pytest plugin: a topic's own suite on a submission in the same process, as graders without a wall run theirs.

``SUBMISSION=answer.py pytest -p grader.benchmarks.direct solutions/TOPIC/tests``; the peers' benchmark uses it. Values
still cross the codec, so that the checks are the very same; nothing is confined and nothing is limited.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.core.topic import read_topic
from grader.session.inprocess import InProcessTransport
from grader.session.plugin import MARKS
from grader.session.student import Student
from grader.testing import tolerance
from grader.wire import messages as m


def pytest_configure(config: pytest.Config) -> None:
    """Name the suite's marks, as a session does."""
    for mark, meaning in MARKS.items():
        config.addinivalue_line("markers", f"{mark}: {meaning}")


@pytest.fixture(scope="session", name="loaded")
def _loaded(request: pytest.FixtureRequest) -> Iterator[Student]:
    file = Path(os.environ["SUBMISSION"])
    topic = read_topic(request.config.rootpath)
    cell = m.Cell(file.read_text(encoding="utf-8"), file.name)
    load = m.Load(topic.slug, (cell,), support=topic.support, probes=topic.probes)
    torch = sys.modules.get("torch") if topic.config.runtime == "torch" else None
    with tolerance(topic.config.tolerance):
        yield Student(load, InProcessTransport, topic.config.limits, {}, torch)


@pytest.fixture(name="student")
def _student(loaded: Student) -> Student:
    loaded.begin_check("")
    return loaded
