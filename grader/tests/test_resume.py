"""A run that is stopped, in whatever way, goes on where it stopped, to the same results, and leaves nothing behind."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from grader.sandbox.levels import LEVELS, probe
from grader.tests.classroom import PATIENCE, Ran, hand_in, program, start, toy_course, untimed
from grader.tests.toy import RIGHT, right_but

STUDENTS = 14
KILLS = 2

SLOW = "import time\ndef total(numbers):\n    time.sleep(0.05)\n    return sum(numbers)\n"
"""Right but for the empty list, and slow enough that a run can be stopped in the middle."""

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to find processes")


class Process(NamedTuple):
    """A process as /proc shows it; its start time tells it from a later one of the same number."""

    pid: int
    parent: int
    started: str

    @property
    def command(self) -> str:
        """Its arguments, or nothing if it is gone."""
        with suppress(OSError):
            return Path(f"/proc/{self.pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        return ""


def processes() -> list[Process]:
    """Every process there is, but for those that only wait to be reaped."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                fields = (entry / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
                if fields[0] not in "ZX":
                    found.append(Process(int(entry.name), int(fields[1]), fields[19]))
    return found


def below(pid: int) -> list[Process]:
    """The descendants of a process."""
    everyone = processes()
    found, generation = [], {pid}
    while generation:
        children = [process for process in everyone if process.parent in generation]
        found += children
        generation = {process.pid for process in children}
    return found


def eventually(condition: Callable[[], Any]) -> bool:
    """Whether ``condition`` comes true before patience ends."""
    until = time.monotonic() + PATIENCE / 2
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.005)
    return True


class Class:
    """A class of slow submissions, its results when nothing disturbs the run, and how to run it."""

    def __init__(self, folder: Path, level: str) -> None:
        self.folder = folder
        self.level = level
        self.temporary = folder / "tmp"
        self.temporary.mkdir()
        toy_course(folder)
        files = {f"s{number:02}.py": f"{right_but(SLOW)}\n# {number}\n" for number in range(STUDENTS)}
        crash = "import os\ndef double(x):\n    os._exit(0)\n"
        hand_in(folder / "class", {**files, "crash.py": right_but(crash), "syntax.py": "(", "right.py": RIGHT})
        before = time.monotonic()
        undisturbed = program("grader", folder, *self.arguments("undisturbed"), TMPDIR=str(self.temporary))
        self.seconds = time.monotonic() - before
        assert undisturbed.code == 0, undisturbed.err
        self.results = untimed(folder / "undisturbed" / "results.json")

    def arguments(self, out: str) -> list[str]:
        """Of the command that grades the class."""
        return ["grade", "toy", "class", "--out", out, "--jobs", "2", "--sandbox", self.level]

    def start(self, out: str) -> subprocess.Popen[str]:
        """The run, under way."""
        return start("grader", self.folder, *self.arguments(out), TMPDIR=str(self.temporary))

    def finish(self, out: str) -> Ran:
        """The same command again, to its end."""
        return program("grader", self.folder, *self.arguments(out), TMPDIR=str(self.temporary))

    def recorded(self, out: str) -> list[str]:
        """The students in the gradebook, once for each time that they were graded."""
        try:
            with closing(sqlite3.connect(f"file:{self.folder / out / 'gradebook.db'}?mode=ro", uri=True)) as connection:
                return [row[0] for row in connection.execute("select student from grades")]
        except sqlite3.OperationalError:
            return []

    def assert_complete(self, out: str) -> None:
        """The results are those of an undisturbed run, and nobody was graded twice."""
        assert untimed(self.folder / out / "results.json") == self.results
        assert sorted(self.recorded(out)) == sorted(entry["student"] for entry in self.results["submissions"])
        feedback = self.folder / out / "feedback"
        assert {path.name for path in feedback.iterdir()} == {
            path.name for path in (self.folder / "undisturbed" / "feedback").iterdir()
        }

    def assert_nothing_left(self, there: list[Process]) -> None:
        """None of the processes that were there lives on, nor does anything they wrote outside of the results."""
        assert eventually(lambda: not set(there) & set(processes())), [
            process.command for process in set(there) & set(processes())
        ]
        assert eventually(lambda: not list(self.temporary.iterdir())), list(self.temporary.iterdir())


@pytest.fixture(scope="module", params=[*LEVELS, pytest.param("none", marks=pytest.mark.slow)])
def group(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Class:
    """The class, at each level of the sandbox that this host has."""
    if request.param != "none":
        proof = probe(request.param)
        if not proof.holds:
            pytest.skip(f"{request.param} is not available here: {proof.problem or proof.broken}")
    return Class(tmp_path_factory.mktemp("course"), request.param)


@pytest.fixture
def running(group: Class) -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    """Starts runs, each of which is ended with the test, whatever becomes of it."""
    started: list[subprocess.Popen[str]] = []

    def begin(out: str) -> subprocess.Popen[str]:
        started.append(group.start(out))
        return started[-1]

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def test_an_undisturbed_run_leaves_nothing(group: Class) -> None:
    """No temporary file outlives a run."""
    assert list(group.temporary.iterdir()) == []


def test_a_killed_run_resumes(group: Class, running: Callable[[str], subprocess.Popen[str]]) -> None:
    """Killed at random moments, again and again, the same command ends with the results of an undisturbed run."""
    moments = random.Random(group.level)
    for _ in range(KILLS):
        run = running("killed")
        # Before it says how many there are, the host is probed and nothing is graded.
        assert run.stderr is not None
        assert "submissions" in run.stderr.readline()
        time.sleep(moments.uniform(0.0, group.seconds))
        there = below(run.pid)
        run.kill()
        run.communicate()
        group.assert_nothing_left(there)
    ran = group.finish("killed")
    assert ran.code == 0, ran.err
    group.assert_complete("killed")
    assert list(group.temporary.iterdir()) == []


def test_a_run_killed_in_the_middle_goes_on_there(
    group: Class, running: Callable[[str], subprocess.Popen[str]]
) -> None:
    """What was recorded before the kill is not graded again."""
    run = running("middle")
    assert eventually(lambda: len(group.recorded("middle")) >= 5)
    there = below(run.pid)
    run.kill()
    run.communicate()
    group.assert_nothing_left(there)
    recorded = len(group.recorded("middle"))
    assert 5 <= recorded < STUDENTS
    assert f"{recorded} of them graded before" in group.finish("middle").err
    group.assert_complete("middle")


@pytest.mark.parametrize(
    "whole_group", [True, pytest.param(False, marks=pytest.mark.slow)], ids=["terminal", "process"]
)
def test_an_interrupted_run_resumes(
    group: Class, running: Callable[[str], subprocess.Popen[str]], whole_group: bool
) -> None:
    """Ctrl-C, which reaches every process of a terminal, or one signal to the program: one sentence, and resumable."""
    out = f"interrupted-{whole_group}"
    run = running(out)
    assert eventually(lambda: len(group.recorded(out)) >= 3)
    there = below(run.pid)
    if whole_group:
        os.killpg(run.pid, signal.SIGINT)
    else:
        run.send_signal(signal.SIGINT)
    _, err = run.communicate(timeout=PATIENCE)
    assert run.returncode == 2
    assert err.splitlines()[-1] == "stopped; the same command goes on where it stopped"
    assert "Traceback" not in err
    group.assert_nothing_left(there)
    ran = group.finish(out)
    assert ran.code == 0, ran.err
    assert "graded before" in ran.err
    group.assert_complete(out)


def test_a_terminated_run_leaves_nothing(group: Class, running: Callable[[str], subprocess.Popen[str]]) -> None:
    """So does one that is asked to end, as a job scheduler asks."""
    run = running("terminated")
    assert eventually(lambda: len(group.recorded("terminated")) >= 1)
    there = below(run.pid)
    run.terminate()
    run.communicate(timeout=PATIENCE)
    group.assert_nothing_left(there)


def test_a_killed_session_costs_nothing(group: Class, running: Callable[[str], subprocess.Popen[str]]) -> None:
    """When only a session dies the run goes on without it, to the same results."""
    run = running("session")
    assert eventually(lambda: len(group.recorded("session")) >= 3)
    sessions = [process for process in below(run.pid) if "grader.autograde.child" in process.command]
    there = below(sessions[0].pid)
    os.kill(sessions[0].pid, signal.SIGKILL)
    _, err = run.communicate(timeout=PATIENCE)
    assert run.returncode == 0, err
    group.assert_complete("session")
    group.assert_nothing_left([*there, *sessions])
