"""Somebody else's nbgrader notebook as a topic."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from grader.tests.classroom import Command, hand_in


def cell(kind: str, text: str, **mark: Any) -> dict[str, Any]:
    """A cell with nbgrader's mark."""
    return {"cell_type": kind, "source": text, "metadata": {"nbgrader": mark} if mark else {}}


CELLS = [
    cell("markdown", "# Squares\n\nCompute squares."),
    cell("code", "%matplotlib inline\nimport numpy as np"),
    cell(
        "code",
        'def square(x):\n    """x times x."""\n    ### BEGIN SOLUTION\n    return x * x\n    ### END SOLUTION',
        solution=True,
        grade_id="square",
    ),
    cell(
        "code",
        "x = np.array([1.0, 2.0])\nassert np.allclose(square(x), [1, 4], atol=1e-6)\nassert 9 == square(3)\n"
        "### BEGIN HIDDEN TESTS\nnp.testing.assert_allclose(square(np.arange(4.0)), [0, 1, 4, 9])\n"
        "assert square(-2) > 0\n### END HIDDEN TESTS",
        grade=True,
        points=3,
        grade_id="test-square",
    ),
    cell(
        "code",
        'def norm(x):\n    """Sum of squares."""\n    return float(sum(square(x)))',
        solution=True,
        grade_id="n",
    ),
    cell("code", "assert norm(np.array([1.0, 2.0])) == 5.0", grade=True, points=2, grade_id="test-norm"),
    cell("markdown", "Explain.", solution=True, grade=True, points=5, grade_id="essay"),
    cell("code", "assert 1 + 1 == 2", grade=True, points=1, grade_id="odd"),
]
ASSIGNMENT = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": CELLS}


def converted(tmp_path: Path, grader: Command, notebook: Any = ASSIGNMENT) -> tuple[int, str, str]:
    """``grader new squares --from-nbgrader``."""
    (tmp_path / "solutions").mkdir(exist_ok=True)
    (tmp_path / "given.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    return grader(tmp_path, "new", "squares", "--from-nbgrader", "given.ipynb")


def test_an_assignment_becomes_a_topic(tmp_path: Path, grader: Command) -> None:
    """Regions, points, lesson and checks are taken over; what can't be is said."""
    code, out, err = converted(tmp_path, grader)
    assert (code, err) == (0, "")
    assert "cell 7 is graded by hand (5 points): left out" in out
    assert "cell 8 calls nothing that the solutions define: left out" in out
    topic = tmp_path / "solutions" / "squares"
    assert "# Squares" in (topic / "README.md").read_text("utf-8")
    assert (topic / "topic.toml").read_text("utf-8").count("[[tasks]]") == 2
    reference = (topic / "squares.py").read_text("utf-8")
    assert reference.count("### BEGIN SOLUTION") == 2
    assert "matplotlib" not in reference
    public, hidden = ((topic / "tests" / f"test_{kind}.py").read_text("utf-8") for kind in ("public", "hidden"))
    ast.parse(public)
    assert "assert_allclose(student.square(x), np.array([1, 4], dtype=float), atol=1e-06)" in public
    assert "assert_allclose(student.square(3), 9, rtol=0, atol=0, check_dtype=False)" in public
    assert "arange" not in public
    assert "x = np.array([1.0, 2.0])" not in hidden
    assert "assert_allclose(student.square(np.arange(4.0)), np.array([0, 1, 4, 9], dtype=float))" in hidden
    assert "assert_that(bool(student.square(-2) > 0), 'square(-2) > 0', 'something else')" in hidden


@pytest.mark.slow
def test_the_topic_grades(tmp_path: Path, grader: Command) -> None:
    """Released and graded: the reference everything, its stub nothing, half an answer its half."""
    assert converted(tmp_path, grader)[0] == 0
    assert grader(tmp_path, "release").code == 0
    stub = (tmp_path / "exercises" / "squares" / "squares.py").read_text("utf-8")
    right = (tmp_path / "solutions" / "squares" / "squares.py").read_text("utf-8")
    half = "import numpy as np\ndef square(x):\n    return x * x\n"
    hand_in(tmp_path / "class", {"right.py": right, "stub.py": stub, "half.py": half})
    assert grader(tmp_path, "grade", "squares", "class", "--jobs", "1").code == 0
    results = json.loads((tmp_path / "out" / "results.json").read_bytes())
    assert {each["student"]: each["score"] for each in results["submissions"]} == {"half": 3, "right": 5, "stub": 0}


@pytest.mark.parametrize(
    ("notebook", "says"),
    [
        ([], "no notebook"),
        ({"cells": [{"cell_type": "code"}]}, "no notebook"),
        ({"cells": []}, "no autograded test"),
        ({"cells": [cell("code", "def f(:")]}, "do not compile"),
        (
            {"cells": [cell("code", "def f():\n    ### BEGIN SOLUTION\n    return 1"), *CELLS[2:4]]},
            "inside another",
        ),
    ],
)
def test_what_can_not_be_converted_is_refused(tmp_path: Path, grader: Command, notebook: Any, says: str) -> None:
    """In one sentence, and no half topic is left."""
    code, _, err = converted(tmp_path, grader, notebook)
    assert code == 2
    assert says in err
    assert list((tmp_path / "solutions").iterdir()) == []
