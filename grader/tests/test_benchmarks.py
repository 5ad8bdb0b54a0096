"""The benchmarks of peers and of growth: what they run, what they print and what they write."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from grader.benchmarks.measuring import cost_of, grade_copies, quantile
from grader.core.errors import GraderError, SandboxError
from grader.core.topic import Topic, read_topic
from grader.release.skeleton import new_topic
from grader.sandbox.levels import best_level
from grader.tests.classroom import PATIENCE, ROOT


@pytest.fixture
def topic(tmp_path: Path) -> Topic:
    """A small topic, where this host can grade."""
    try:
        best_level()
    except SandboxError as error:
        pytest.skip(str(error))
    return read_topic(new_topic(tmp_path / "solutions", "small"))


def measured(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A benchmark as a program, in the course at ``folder``, with its figures as JSON there."""
    return program(folder, *arguments, "--json", str(folder / "figures.json"))


def program(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A benchmark as a program, in the course at ``folder``."""
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


@pytest.mark.slow
def test_growth_prints_a_line_for_each_class(topic: Topic, tmp_path: Path) -> None:
    """Sizes times jobs, and the same as JSON."""
    ran = measured(tmp_path, "grader.benchmarks.growth", "small", "--sizes", "2", "3", "--jobs", "1")
    assert (ran.returncode, ran.stderr) == (0, "")
    figures = json.loads((tmp_path / "figures.json").read_bytes())
    assert [(2, 1), (3, 1)] == [(each["submissions"], each["jobs"]) for each in figures]
    assert all(each["cpu_ms"] > 0 and each["coordinator_mb"] > 0 and each["child_mb"] > 0 for each in figures)
    assert len(ran.stdout.splitlines()) == 4


@pytest.mark.slow
def test_what_naming_costs_is_printed_for_each_topic(topic: Topic, tmp_path: Path) -> None:
    """A line each, though their suites are modules of the same names."""
    new_topic(tmp_path / "solutions", "other")
    ran = program(tmp_path, "grader.benchmarks.diagnosis", "small", "other", "--cost")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ["small", "other"] == [line.strip().partition(":")[0] for line in ran.stdout.splitlines()]
    assert ran.stdout.count("naming") == 2


@pytest.mark.slow
def test_a_class_that_is_killed_is_resumed(topic: Topic, tmp_path: Path) -> None:
    """What was recorded is kept, nobody is recorded twice, and the rest follows."""
    ran = measured(tmp_path, "grader.benchmarks.resume", "small", "--copies", "40", "--jobs", "1", "--kills", "1")
    assert (ran.returncode, ran.stderr) == (0, "")
    figures = json.loads((tmp_path / "figures.json").read_bytes())
    assert 0 < figures["kept"][0] < 40
    assert figures["graded_twice"] == 0


@pytest.mark.slow
def test_peers_that_are_not_there_are_named(topic: Topic, tmp_path: Path) -> None:
    """We, the bound and a fresh pytest are measured; of the others it is said that they are not installed."""
    nowhere = ["--nbgrader", "", "--otter", ""]
    ran = measured(
        tmp_path, "grader.benchmarks.peers", "small", "--copies", "3", "--peer-copies", "2", "--jobs", "1", *nowhere
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    lines = {each["name"]: each for each in json.loads((tmp_path / "figures.json").read_bytes())}
    problems = {name: line["problem"] for name, line in lines.items() if line["problem"]}
    assert {"nbgrader autograde": "not installed", "otter run": "not installed"} == problems
    assert lines["grader grade"]["ratio"] == 1.0
    assert lines["fresh pytest"]["submissions"] == lines["… without plugins"]["submissions"] == 2
    assert all(name in ran.stdout for name in lines)


def test_a_reference_that_loses_points_is_not_measured(topic: Topic) -> None:
    """Its time would say nothing: one sentence that says what to do."""
    text = topic.reference.read_text(encoding="utf-8")
    topic.reference.write_text(text.replace("numbers * factor", "numbers"), encoding="utf-8")
    with pytest.raises(GraderError, match="grader audit small"):
        grade_copies(topic, 1, 1)


def test_a_command_is_measured_with_what_it_starts(tmp_path: Path) -> None:
    """Its children's processor time counts; where it fails its last words are told."""
    busy = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'sum(range(10**6))'])"
    cost = cost_of([sys.executable, "-c", busy], tmp_path)
    assert cost.cpu > 0
    assert cost.peak_mb > 1
    with pytest.raises(GraderError, match=r"status 3: so it ends"):
        cost_of([sys.executable, "-c", "import sys; print('so it ends'); sys.exit(3)"], tmp_path)


@pytest.mark.parametrize(("share", "expected"), [(0.0, 1.0), (0.5, 3.0), (0.95, 4.0), (1.0, 4.0)])
def test_a_quantile_is_one_of_the_values(share: float, expected: float) -> None:
    """The nearest rank, in any order."""
    assert expected == quantile([4.0, 1.0, 3.0, 2.0], share)
