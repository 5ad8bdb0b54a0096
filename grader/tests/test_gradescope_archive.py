"""The autograder for Gradescope: what is in it, and what it answers in the container's folders."""

from __future__ import annotations

import io
import json
import os
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import msgspec
import pytest

from grader.core.topic import read_topic
from grader.lms.gradescope.archive import autograder_zip
from grader.tests.classroom import PATIENCE, ROOT, toy_course
from grader.tests.formats import Gradescope
from grader.tests.nbgrader_class import WRONG
from grader.tests.toy import RIGHT, right_but


def container(tmp_path: Path) -> Path:
    """Gradescope's folders with the toy's autograder in them, installed; the interpreter is this one."""
    course = tmp_path / "course"
    topic = toy_course(course)
    (course / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    home = tmp_path / "autograder"
    (home / "submission").mkdir(parents=True)
    (home / "results").mkdir()
    with zipfile.ZipFile(io.BytesIO(autograder_zip(topic, course))) as archive:
        archive.extractall(home / "source")
        modes = {entry.filename: entry.external_attr >> 16 for entry in archive.infolist()}
    assert modes["run_autograder"] & stat.S_IXUSR
    assert modes["setup.sh"] & stat.S_IXUSR
    for script in ("run_autograder", "setup.sh"):
        assert subprocess.run(["bash", "-n", home / "source" / script], check=False).returncode == 0
    (home / "run_autograder").write_bytes((home / "source" / "run_autograder").read_bytes())
    (home / "run_autograder").chmod(0o755)
    python = home / "source" / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    return home


def run_autograder(home: Path) -> tuple[int, Gradescope | None]:
    """Gradescope's harness: the script, in the container's folder; its exit code and what it left."""
    results = home / "results" / "results.json"
    results.unlink(missing_ok=True)
    done = subprocess.run(
        [home / "run_autograder"],
        cwd=home,
        env={"PATH": os.environ["PATH"], "AUTOGRADER_HOME": str(home)},
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    return done.returncode, msgspec.json.decode(results.read_bytes(), type=Gradescope) if results.exists() else None


@pytest.mark.slow
def test_the_gradescope_archive_grades_in_the_containers_folders(tmp_path: Path) -> None:
    """A right and a wrong answer, a renamed notebook, nothing at all, and a suite that breaks."""
    home = container(tmp_path)
    metadata = {"users": [{"name": "Ada"}, {"name": "Grace"}], "id": 1}
    (home / "submission_metadata.json").write_text(json.dumps(metadata), encoding="utf-8")
    submission = home / "submission"

    code, nothing = run_autograder(home)
    assert (code, nothing and nothing.score) == (0, 0)
    assert nothing is not None
    assert "nothing that can be graded" in nothing.output

    (submission / "toy.py").write_text(RIGHT, encoding="utf-8")
    (submission / "notes.py").write_text("1 / 0\n", encoding="utf-8")
    code, right = run_autograder(home)
    assert (code, right and right.score) == (0, 30)

    (submission / "toy.py").write_text(right_but(f"print('MARKER-4711')\n{WRONG}"), encoding="utf-8")
    code, wrong = run_autograder(home)
    assert wrong is not None
    assert 20 <= wrong.score < 30 if wrong.score is not None else False
    instructor = [test for test in wrong.tests if test.visibility == "hidden"]
    assert len(instructor) == 1
    assert "sandbox" in instructor[0].output.lower()
    assert "MARKER-4711" in instructor[0].output
    shown = [test.output for test in wrong.tests if test.visibility != "hidden"]
    assert [text for text in shown if "MARKER-4711" in text or "CANARY" in text] == []

    broken = home / "source" / "solutions" / "toy" / "tests" / "test_hidden.py"
    broken.write_text(broken.read_text("utf-8").replace("assert_equal(counter.count, 6)", "1 / 0"), encoding="utf-8")
    (submission / "toy.py").write_text(RIGHT, encoding="utf-8")
    assert run_autograder(home) == (2, None)


def test_the_gradescope_archive_is_reproducible_and_leaves_nothing_of_the_host(tmp_path: Path) -> None:
    """The same bytes each time; the engine, the topic, and no test of the engine's own; torch only where needed."""
    topic = toy_course(tmp_path)
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    first, second = autograder_zip(topic, tmp_path), autograder_zip(read_topic(topic.path), tmp_path)
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        names = archive.namelist()
        needed = archive.read("requirements.txt").decode()
    assert {"setup.sh", "run_autograder", "solutions/toy/tests/test_hidden.py", "grader/cli/main.py"} <= set(names)
    assert [name for name in names if name.startswith(("grader/tests", "/")) or "__pycache__" in name] == []
    assert "numpy" in needed
    assert "torch" not in needed
