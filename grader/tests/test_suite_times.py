"""The benchmark of suites: what it runs, and what it says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from grader.benchmarks.suites import WARM_UP, suite_time
from grader.core.errors import CourseError, SandboxError
from grader.core.topic import Topic, read_topic
from grader.release.skeleton import new_topic
from grader.sandbox.levels import best_level
from grader.tests.classroom import PATIENCE, ROOT


@pytest.fixture
def topic(tmp_path: Path) -> Topic:
    """A small topic."""
    return read_topic(new_topic(tmp_path / "solutions", "small"))


def test_a_suite_is_timed_after_a_warm_up(topic: Topic) -> None:
    """As many runs as asked for are counted; the target is the runtime's."""
    time = suite_time(topic, "none", runs=3)
    assert ("small", "numpy", 3, 0.5) == (time.topic, time.runtime, time.runs, time.target)
    assert time.checks > 1
    assert 0 < time.fastest <= time.median
    assert WARM_UP >= 1


def test_a_reference_that_loses_points_is_not_timed(topic: Topic) -> None:
    """Its time would say nothing: one sentence that says what to do."""
    text = topic.reference.read_text(encoding="utf-8")
    topic.reference.write_text(text.replace("numbers * factor", "numbers"), encoding="utf-8")
    with pytest.raises(CourseError, match="grader audit small"):
        suite_time(topic, "none", runs=1)


def measured(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The benchmark as a program, in the course at ``folder``."""
    return subprocess.run(
        [sys.executable, "-m", "grader.benchmarks.suites", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


def test_the_figures_are_printed_and_written(topic: Topic, tmp_path: Path) -> None:
    """A line a topic, and the same as JSON; a missed target is exit code 1, never a traceback."""
    try:
        best_level()
    except SandboxError as error:
        pytest.skip(str(error))
    ran = measured(tmp_path, "--runs", "1", "--json", str(tmp_path / "times.json"))
    assert ran.stderr == ""
    (time,) = json.loads((tmp_path / "times.json").read_bytes())
    assert {"topic", "runtime", "checks", "runs", "fastest", "median", "target"} == set(time)
    (line,) = [line for line in ran.stdout.splitlines() if line.startswith("small ")]
    assert f"{time['median']:.3f} s" in line
    assert (ran.returncode == 1) == ("MISSED" in line) == (time["median"] > time["target"])


def test_an_unknown_topic_is_one_sentence(tmp_path: Path) -> None:
    """Exit code 2, and no traceback."""
    (tmp_path / "solutions").mkdir()
    ran = measured(tmp_path, "nothing")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert len(ran.stderr.splitlines()) == 1
