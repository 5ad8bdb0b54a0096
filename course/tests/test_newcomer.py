"""The five-minute newcomer: from the bundle to a topic that passes, by the command, by tox and in the notebook."""

from __future__ import annotations

import configparser
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from course.cli.main import CourseVerbs
from grader.core.course import open_topic
from grader.release.bundle import write_bundle
from grader.tests.classroom import ROOT, Ran, program

RIGHT = (ROOT / "solutions" / "convolution" / "convolution.py").read_text(encoding="utf-8")
WRONG = RIGHT.replace("* k)", "* k[::-1, ::-1])", 1)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a student is given, of two topics, in an empty folder."""
    return bundled(tmp_path_factory.mktemp("newcomer") / "bundle")


def bundled(folder: Path) -> Path:
    """A bundle of two topics, in ``folder``, which nobody has worked in."""
    write_bundle(ROOT, folder, [open_topic("conv_arithmetic", ROOT), open_topic("convolution", ROOT)])
    return folder


def course(bundle: Path, *arguments: str) -> Ran:
    """The bundle's own ``course``, nothing of this repository's."""
    return program("course", bundle, *arguments, PYTHONPATH=str(bundle))


def by_tox(bundle: Path, environment: str) -> Ran:
    """The command line of a tox environment, without building the environment."""
    tox = configparser.ConfigParser(interpolation=None)
    tox.read(bundle / "tox.ini", encoding="utf-8")
    command = tox[f"testenv:{environment}"]["commands"]
    shared, group, *arguments = command.replace("{posargs}", "").split()
    assert (shared, group) == ("{[shared]run}", "course")
    return course(bundle, *arguments)


def fill(bundle: Path, text: str) -> None:
    """Save the exercise's file."""
    (bundle / "exercises" / "convolution" / "convolution.py").write_text(text, encoding="utf-8")


def test_the_newcomers_five_minutes(bundle: Path) -> None:
    """List, a wrong answer, its message, a hint, the right answer, progress; and again from the start."""
    assert not (bundle / "solutions").exists()
    listed = course(bundle, "list")
    assert (listed.code, listed.err) == (0, "")
    assert "conv_arithmetic" in listed.out
    assert WRONG != RIGHT
    fill(bundle, WRONG)
    wrong = course(bundle, "check", "convolution")
    assert (wrong.code, wrong.err) == (1, "")
    for words in ("cross_correlate2d(img: 3×4, k: 2×2)", "expected", "yours", "[-4]", "help: "):
        assert words in wrong.out
    hint = course(bundle, "hint", "convolution")
    assert hint.out.startswith("cross_correlate2d, hint 1 of 3: ")
    fill(bundle, RIGHT)
    assert course(bundle, "check", "convolution").code == 0
    (_, row) = json.loads(course(bundle, "progress", "--format", "json").out)
    assert (row["topic"], row["standing"], row["points"]) == ("convolution", "done", 55.0)
    assert course(bundle, "reset", "convolution").code == 0
    assert (bundle / "exercises" / "convolution" / "convolution.py.bak-1").read_text(encoding="utf-8") == RIGHT


def test_what_the_bundle_tells_a_newcomer_to_type_works(tmp_path: Path) -> None:
    """Every command of its README; and one for instructors says that it is none of a student's."""
    bundle = bundled(tmp_path / "bundle")
    readme = (bundle / "README.md").read_text(encoding="utf-8")
    typed = [line.partition("#")[0].split() for line in readme.splitlines() if line.startswith("course ")]
    assert typed
    for _, *arguments in typed:
        ran = course(bundle, *arguments)
        assert (ran.code, ran.err) == (int(arguments[0] == "check"), ""), arguments
    for verb in CourseVerbs.verbs:
        assert f"course {verb}" in readme
    for command in (("demo",), ("grade", "convolution", "."), ("audit",), ("release",)):
        refused = program("grader", bundle, *command, PYTHONPATH=str(bundle))
        assert refused.code == 2
        assert "has no solutions/, like all that students get" in refused.err


def test_the_same_by_tox(bundle: Path) -> None:
    """`tox -e convolution`, `tox -e progress` and `tox -e course` are the same commands, with the same exit codes."""
    fill(bundle, WRONG)
    assert by_tox(bundle, "convolution").code == 1
    fill(bundle, RIGHT)
    assert by_tox(bundle, "convolution").code == 0
    progress = by_tox(bundle, "progress")
    assert progress.code == 0
    assert "1 of 2 topics done" in progress.out
    whole = by_tox(bundle, "course")
    assert whole.code == 1
    assert whole.out == "✗ conv_arithmetic: not started\n✓ convolution: 9 of 9 checks passed\n"


@pytest.mark.slow
def test_the_same_in_the_notebook(bundle: Path) -> None:
    """Executed by nbclient with the bundle's own engine."""
    code = (
        "import sys, nbformat, nbclient\n"
        "notebook = nbformat.read('convolution.ipynb', as_version=4)\n"
        "nbclient.NotebookClient(notebook, timeout=200).execute()\n"
        "for form in ('html', 'plain'):\n"
        "    print(notebook.cells[-1].outputs[0]['data'][f'text/{form}'])\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=bundle / "exercises" / "convolution",
        env={**os.environ, "PYTHONPATH": str(bundle)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=400,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert "0 of 9 public checks passed" in ran.stdout
    assert "still the stub" in ran.stdout
    assert "Convolution, the naive way · convolution · convolution.ipynb\n" in ran.stdout
