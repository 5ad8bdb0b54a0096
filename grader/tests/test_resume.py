"""A run that is stopped, in whatever way, goes on where it stopped, to the same results, and leaves nothing behind."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.sandbox.levels import LEVELS, probe
from grader.tests.classroom import PATIENCE
from grader.tests.runs import STUDENTS, Class, below, eventually

KILLS = 2

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to find processes")


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
