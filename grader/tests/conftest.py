"""What the engine's tests share: courses, sessions behind each wall, databases, and the ``grader`` command."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from grader.autograde.run import default_jobs
from grader.core.topic import Topic, read_topic
from grader.sandbox.zygote import Zygote
from grader.tests.classroom import Command, command_here, heed_interrupts
from grader.tests.nbgrader_commands import Commands
from grader.tests.postgres import NewUrl, Server, Unavailable
from grader.tests.small_course import make_small_course
from grader.tests.toy import Session, ToyCourse
from grader.tests.walls import WALLS, chosen_wall
from grader.tests.zygotes import started

# A busy host is slow, not wrong.
settings.register_profile("busy host", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy host")

heed_interrupts()

# What known mistakes answer is kept in the user's cache: the tests have one of their own, for as long as they run.
_CACHE = tempfile.TemporaryDirectory(prefix="grader-tests-")
os.environ["XDG_CACHE_HOME"] = _CACHE.name

# The toy course's own suite runs in sessions, not here.
collect_ignore = ["toy_course"]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """For every two cores three workers: a third of their time is spent waiting, for processes and for clocks."""
    cores = default_jobs()
    return cores + (cores + 1) // 2


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


@pytest.fixture(scope="module", params=WALLS)
def wall(request: pytest.FixtureRequest, toy_course: ToyCourse) -> Session:
    """A session at one level, as one user; a skip says what this host lacks for it."""
    level, user = chosen_wall(request.param, always=True)
    return toy_course.session(level, user)


@pytest.fixture(scope="module", params=["full", "landlock"])
def zygote(request: pytest.FixtureRequest) -> Iterator[Zygote]:
    """A zygote at each level."""
    with started(request.param) as zygote:
        yield zygote


@pytest.fixture
def small_course(tmp_path: Path) -> Path:
    """A course with one topic, as small as can be, and an engine to go with it."""
    make_small_course(tmp_path / "root")
    return tmp_path / "root"


@pytest.fixture
def small_topic(small_course: Path) -> Topic:
    """The one topic of the small course."""
    return read_topic(small_course / "solutions" / "toy")


@pytest.fixture
def gradebook_file(tmp_path: Path) -> Path:
    """Where a test's gradebook lies."""
    return tmp_path / "gradebook.db"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server | str]:
    """A server, or why there is none."""
    try:
        running = Server()
    except Unavailable as reason:
        yield str(reason)
        return
    with running:
        yield running


@pytest.fixture
def postgres_url(postgres_server: Server | str) -> NewUrl:
    """Makes databases on it; skips where nothing is proven about PostgreSQL."""
    if isinstance(postgres_server, str):
        pytest.skip(f"not proven on PostgreSQL: {postgres_server}")
    return postgres_server.new_url


@pytest.fixture(params=["sqlite", "postgresql"])
def new_gradebook_url(request: pytest.FixtureRequest, tmp_path: Path) -> NewUrl:
    """Names, or makes, a new place for a gradebook on each kind of database."""
    if request.param == "postgresql":
        make: NewUrl = request.getfixturevalue("postgres_url")
        return make
    numbers = iter(range(100))
    return lambda: str(tmp_path / f"gradebook{next(numbers)}.db")


@pytest.fixture
def gradebook_url(new_gradebook_url: NewUrl) -> str:
    """One such place."""
    return new_gradebook_url()


@pytest.fixture(scope="module")
def nbgrader() -> Iterator[Commands]:
    """nbgrader's commands."""
    pytest.importorskip("nbgrader", reason="nbgrader is not installed: pip install 'stride-course[nbgrader]'")
    with Commands() as commands:
        yield commands
