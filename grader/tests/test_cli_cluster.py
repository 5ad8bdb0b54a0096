"""``grader grade --cluster``: real processes under TLS, one killed and one joining in the middle."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("distributed", reason="needs the extra cluster")

import dask.config

from grader.benchmarks.dask_programs import DaskPrograms
from grader.sandbox.levels import LEVELS, probe
from grader.tests.classroom import ROOT, Command, command_here, hand_in, start, toy_course
from grader.tests.runs import Class, below, eventually
from grader.tests.toy import RIGHT


@pytest.fixture
def grader(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """The command, in this process."""
    return command_here("grader", monkeypatch, capsys)


def other_engine(folder: Path) -> Path:
    """This engine, but for a comment in one of its modules."""
    shutil.copytree(ROOT / "grader", folder / "grader", ignore=shutil.ignore_patterns("tests", "__pycache__"))
    with (folder / "grader" / "core" / "scoring.py").open("a", encoding="utf-8") as file:
        file.write("# another release\n")
    return folder


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to find processes")
def test_a_cluster_gives_what_one_machine_gives(tmp_path: Path) -> None:
    """One worker dies, one joins, one is of another version: the same results, nothing lost, nothing twice."""
    level = next((level for level in LEVELS if probe(level).holds), None)
    if level is None:
        pytest.skip("not proven: this host has no level of the sandbox")
    (tmp_path / "course").mkdir()
    group = Class(tmp_path / "course", level)
    with DaskPrograms(tmp_path / "cluster") as cluster:
        first = cluster.start_worker("first")
        cluster.start_worker("stale", other_engine(tmp_path / "other"))
        arguments = ("grade", "toy", "class", "--sandbox", level, "--cluster", cluster.address, "--out")
        environment = {**cluster.environment, "TMPDIR": str(group.temporary)}
        run = start("grader", group.folder, *arguments, "far", **environment)
        try:
            assert eventually(lambda: len(group.recorded("far")) >= 2), cluster.log()
            there = below(first.pid)
            first.kill()
            cluster.start_worker("late", nanny=True)
            _, said = run.communicate(timeout=400)
        finally:
            run.kill()
            run.communicate()
        assert run.returncode == 0, said
        group.assert_complete("far")
        assert "worker first (tls://127.0.0.1:" in said
        assert " is gone" in said
        assert "worker stale (tls://127.0.0.1:" in said
        assert " is not used: it has grader " in said
        group.assert_none_lives(there)

        again = start("grader", group.folder, *arguments, "far", **environment)
        _, said = again.communicate(timeout=400)
        assert again.returncode == 0, said
        assert f"{len(group.results['submissions'])} of them graded before" in said
        # What a killed worker had is nobody's, under a name by which the next one knows it.
        left = {path.name for path in cluster.temporary.iterdir()} - {"dask-scratch-space"}
        assert all(name.startswith("grader-session-") for name in left)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--cluster", "tcp://127.0.0.1:1", "--jobs", "2"), "--jobs is for this machine"),
        (("--cluster", "here"), "'here' is no cluster: give its scheduler's tcp://HOST:PORT"),
        (("--cluster", "ftp://127.0.0.1:1"), "no scheduler can be reached at ftp://127.0.0.1:1"),
        (("--cluster", "tcp://127.0.0.1:1"), "no scheduler can be reached at tcp://127.0.0.1:1"),
    ],
)
def test_a_cluster_that_is_none(grader: Command, tmp_path: Path, arguments: tuple[str, ...], sentence: str) -> None:
    """One sentence, exit code 2, and nothing written."""
    toy_course(tmp_path)
    hand_in(tmp_path / "class", {"ada.py": RIGHT})
    with dask.config.set({"distributed.comm.timeouts.connect": "500ms"}):
        ran = grader(tmp_path, "grade", "toy", "class", *arguments)
    assert ran.code == 2
    assert sentence in ran.err
    assert not (tmp_path / "out").exists()


def test_without_dask_it_is_said_what_is_missing(
    grader: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And how to install it."""
    toy_course(tmp_path)
    hand_in(tmp_path / "class", {"ada.py": RIGHT})
    for name in list(sys.modules):
        if name.startswith(("grader.autograde.cluster", "grader.executors.scheduler", "grader.executors.dask")):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "distributed", None)
    ran = grader(tmp_path, "grade", "toy", "class", "--cluster", "tcp://127.0.0.1:1")
    assert ran.code == 2
    assert 'pip install "stride-course[cluster]"' in ran.err


def test_a_plain_run_imports_no_dask(tmp_path: Path) -> None:
    """It takes half a second, which one machine need not spend."""
    toy_course(tmp_path)
    hand_in(tmp_path / "class", {"ada.py": RIGHT})
    code = (
        "import sys; from grader.cli.main import cli, run; "
        "code = run(cli, ['grade', 'toy', 'class', '--sandbox', 'none']); "
        "sys.exit(code or 'distributed' in sys.modules or 'dask' in sys.modules)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True
    )
    assert ran.returncode == 0, ran.stderr
