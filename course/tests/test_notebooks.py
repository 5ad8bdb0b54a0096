"""The released notebook checks itself: executed as Jupyter executes it, its feedback is the grader's own, as HTML."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from grader.autograde.notebook import read_cells
from grader.notebooks import check
from grader.notebooks.running import history_cells
from grader.release.notebook import split_stub
from grader.tests.classroom import Command

ROOT = Path(__file__).parents[2]
REFERENCE = (ROOT / "solutions" / "convolution" / "convolution.py").read_text(encoding="utf-8")
TASKS = ["pad2d", "cross_correlate2d", "conv2d"]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A course with one exercise."""
    shutil.copytree(ROOT / "exercises" / "convolution", tmp_path / "exercises" / "convolution")
    return tmp_path


def executed(
    desk: Path, sources: dict[str, str], monkeypatch: pytest.MonkeyPatch, *, saved: bool = False
) -> dict[str, Any]:
    """The released notebook with some cells' sources replaced, executed in a kernel of its own; outputs by cell.

    As long as it is not ``saved`` the file is as it was.
    """
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    folder = desk / "exercises" / "convolution"
    text = (folder / "convolution.ipynb").read_text(encoding="utf-8")
    with warnings.catch_warnings():
        # What Jupyter's own libraries warn of is not ours to mend.
        warnings.simplefilter("ignore")
        notebook = nbformat.reads(text, as_version=4)
        for cell in notebook.cells:
            cell.source = sources.get(cell["id"], cell.source)
        client = NotebookClient(notebook, timeout=200, resources={"metadata": {"path": str(folder)}})
        client.execute()
        if saved:
            (folder / "convolution.ipynb").write_text(nbformat.writes(notebook), encoding="utf-8")
    return {cell["id"]: cell.get("outputs", []) for cell in notebook.cells}


def html(outputs: list[Any]) -> str:
    """The HTML that a cell shows."""
    return "".join(output["data"]["text/html"] for output in outputs if "text/html" in output.get("data", {}))


@pytest.mark.slow
def test_a_released_notebook_tells_the_stub_from_a_right_and_a_wrong_answer(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A right task passes, a wrong one shows what was called, expected and got, and the stub what to do next."""
    _, *right = split_stub(REFERENCE, "convolution", TASKS)
    wrong = "def cross_correlate2d(img, k):\n    return np.zeros((2, 3))\n"
    outputs = executed(desk, {"task-1": right[0], "task-2": wrong}, monkeypatch)
    assert "3 of 3 public checks passed" in html(outputs["check-1"])
    assert "cross_correlate2d(img: 3×4" in html(outputs["check-2"])
    assert "still the stub" in html(outputs["check-3"])
    whole = html(outputs["check"])
    assert "of 9 public checks passed" in whole
    assert "pad2d" in whole
    for name in ("check-1", "check-2", "check-3", "check"):
        assert "Traceback" not in str(outputs[name])


@pytest.mark.slow
def test_what_a_notebook_checked_counts_as_progress(
    desk: Path, monkeypatch: pytest.MonkeyPatch, course: Command
) -> None:
    """Before it is saved and after; once the saved notebook holds other code, its next step is to check again."""

    def progress() -> dict[str, Any]:
        (row,) = json.loads(course(desk, "progress", "--format", "json").out)
        return {name: row[name] for name in ("standing", "tasks_done", "points", "next_step")}

    assert progress()["standing"] == "not started"
    _, *right = split_stub(REFERENCE, "convolution", TASKS)
    executed(desk, {"task-1": right[0], "task-2": right[1], "check": "", "check-3": ""}, monkeypatch)
    half = {"standing": "started", "tasks_done": 2, "points": 25.0, "next_step": "course hint convolution conv2d"}
    assert progress() == half
    whole = {f"task-{n}": text for n, text in enumerate(right, start=1)}
    for saved in (False, True):
        executed(desk, whole, monkeypatch, saved=saved)
        assert progress() == {"standing": "done", "tasks_done": 3, "points": 55.0, "next_step": "hand it in"}
    notebook = desk / "exercises" / "convolution" / "convolution.ipynb"
    notebook.write_text(notebook.read_text(encoding="utf-8").replace("def pad2d(", "def padded(", 1), encoding="utf-8")
    assert progress()["next_step"] == "course check convolution"
    assert course(desk, "reset", "convolution").code == 0
    assert progress()["standing"] == "not started"


def test_outside_a_notebook_the_file_is_checked(desk: Path, monkeypatch: pytest.MonkeyPatch, course: Command) -> None:
    """A plain call says the same as text, is remembered, and never raises."""
    monkeypatch.chdir(desk)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    (desk / "exercises" / "convolution" / "convolution.py").write_text(REFERENCE, encoding="utf-8")
    found = check("convolution", "conv2d")
    assert found.passed
    assert {"conv2d"} == {each.task for each in found.checks}
    assert "Score: 30 of 30" in repr(found)
    (row,) = json.loads(course(desk, "progress", "--format", "json").out)
    assert (row["standing"], row["points"]) == ("done", 55.0)
    (desk / ".course" / "convolution.json").unlink()
    (desk / ".course").rmdir()
    (desk / ".course").touch()
    assert "note: this is not remembered: " in repr(check("convolution", "conv2d"))
    assert not check("nonsense").passed
    assert "the exercises are: convolution" in repr(check("nonsense"))
    assert "its tasks are pad2d" in check("convolution", "conv3d")._repr_html_()


def test_a_shell_gets_the_magic(desk: Path) -> None:
    """In IPython without any notebook, as in a terminal: what was typed is checked."""
    code = "%load_ext grader.notebooks\ndef pad2d(x, pad, value=0.0):\n    print(x.shape)\n\n%check convolution pad2d\n"
    ran = subprocess.run(
        [sys.executable, "-m", "IPython", "--no-banner", "--no-confirm-exit", "--colors=nocolor", "--simple-prompt"],
        input=code,
        capture_output=True,
        text=True,
        cwd=desk,
        env={**os.environ, "PYTHONPATH": str(ROOT), "IPYTHONDIR": str(desk / "ipython")},
        timeout=200,
        check=False,
    )
    assert "the function prints its result" in ran.stdout, ran.stderr


def test_lines_that_call_the_check_are_no_part_of_an_answer() -> None:
    """What stands beside them in the cell is; in a notebook that imports none of it nothing is taken away."""

    def read(*sources: str) -> list[str]:
        cells = [{"cell_type": "code", "source": source} for source in sources]
        return [cell.text for cell in read_cells(json.dumps({"cells": cells}).encode(), "toy.ipynb")[0]]

    first = "import numpy as np\nfrom grader.notebooks import check\nif True:\n    found = check('toy', 'double')\n"
    assert read(first, "print(check('toy'))", "def f(x):\n    check(x)\n") == [
        "import numpy as np\npass\nif True:\n    pass\n",
        "pass",
        "def f(x):\n    check(x)\n",
    ]
    assert read("check('mine')") == ["check('mine')"]


def test_of_what_was_run_only_the_last_word_counts() -> None:
    """A cell run again replaces itself; cells that only define what a later one defines again are left out."""
    history = ["", "import numpy as np", "def f():\n    return 1", "def f():\n    return 2", "%check toy f", "x = f()"]
    assert ["import numpy as np", "def f():\n    return 2", "%check toy f", "x = f()"] == history_cells(history)
    assert ["x = 1"] == history_cells(["x = 1", "  "])
    both = ["def f(): pass\ndef g(): pass", "def f(): pass"]
    assert both == history_cells(both)


def test_the_cells_that_check_are_no_part_of_the_answer() -> None:
    """Handed in with the rest, they are neither run nor noted; what only looks like them is."""
    sources = [
        "%load_ext grader.notebooks\n",
        "x = 1",
        "%check toy double",
        "%check toy",
        "%check toy a b c",
        "%checks",
    ]
    notebook = {
        "cells": [{"cell_type": "code", "source": source} for source in sources],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    cells, notes = read_cells(json.dumps(notebook).encode(), "toy.ipynb")
    assert ["x = 1", "%check toy a b c", "%checks"] == [cell.text for cell in cells]
    assert () == notes
    assert "toy.ipynb, cell 2" == cells[0].label
