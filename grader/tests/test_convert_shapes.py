"""Somebody else's notebooks as they are in the wild: plots, other assertion libraries, shared names, exceptions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from grader.tests.classroom import Command, hand_in
from grader.tests.test_convert import cell


def solved(text: str) -> dict[str, Any]:
    """A solution cell."""
    return cell("code", text, solution=True, grade_id="s")


def graded(text: str, points: float = 2) -> dict[str, Any]:
    """A grade cell."""
    return cell("code", text, grade=True, points=points, grade_id="t")


STATISTICS = [
    cell("code", "import numpy as np\nimport matplotlib.pyplot as plt\nplt.rcParams['x'] = 1\nTWO = 2.0\nUNUSED = 3"),
    solved("def mean(x):\n    if not x:\n        raise ValueError('empty')\n    return sum(x) / len(x)"),
    graded(
        '"""The mean of a few."""\nx = [1, 2, 3]\nassert mean(x) == TWO, "sum over count"\nassert mean(x) == 2\n'
        "try:\n    mean([])\nexcept ValueError:\n    pass\nelse:\n    raise AssertionError('did not raise')\nprint(1)\n"
        "### BEGIN HIDDEN TESTS\nassert abs(mean(x * 2) - 2) < 1e-9\n### END HIDDEN TESTS",
        4,
    ),
    graded("assert mean([1]) == 1\ndel mean"),
    cell("code", "plt.hist([1, 2])\nfor n in range(3):\n    print(n)"),
]
ACCOUNT = [
    solved(
        "class Account:\n    def __init__(self, balance):\n        ### BEGIN SOLUTION\n        self.balance = balance\n"
        "        ### END SOLUTION\n\n    def withdraw(self, amount):\n        ### BEGIN SOLUTION\n"
        "        if amount > self.balance:\n            raise ValueError('no money')\n        self.balance -= amount\n"
        "        return self.balance\n        ### END SOLUTION"
    ),
    graded(
        "from nose.tools import assert_equal, assert_raises, assert_true\na = Account(10)\n"
        "assert_equal(a.withdraw(3), 7)\nassert isinstance(a, Account)\n"
        "### BEGIN HIDDEN TESTS\nwith assert_raises(ValueError):\n    a.withdraw(100)\nassert_true(a.balance > 0)\n"
        "### END HIDDEN TESTS",
        5,
    ),
]
TORCH = [
    cell("code", "import torch\nimport torch.nn.functional as F"),
    solved("def relu(x):\n    return torch.clamp(x, min=0)"),
    graded(
        "x = torch.tensor([-1.0, 2.0])\nassert relu(x).shape == (2,)\nassert torch.equal(relu(x), F.relu(x))\n"
        "np.testing.assert_almost_equal(relu(x), x.clamp(0), decimal=3)"
    ),
]


def convert(tmp_path: Path, grader: Command, cells: list[dict[str, Any]], slug: str) -> tuple[str, Path]:
    """What is left to do, and the new topic's folder."""
    (tmp_path / "solutions").mkdir(exist_ok=True)
    (tmp_path / "given.ipynb").write_text(json.dumps({"nbformat": 4, "cells": cells}), encoding="utf-8")
    ran = grader(tmp_path, "new", slug, "--from-nbgrader", "given.ipynb")
    assert (ran.code, ran.err) == (0, "")
    return ran.out, tmp_path / "solutions" / slug


def test_plots_go_and_what_tests_share_stays(tmp_path: Path, grader: Command) -> None:
    """Imports that only draw, names that a hidden part takes from the shown one, exceptions, an integer for a float."""
    said, topic = convert(tmp_path, grader, STATISTICS, "averages")
    assert "cell 4: a test changes mean itself: left out" in said
    reference = (topic / "averages.py").read_text("utf-8")
    assert [word for word in ("matplotlib", "plt", "print", "numpy") if word in reference] == []
    public, hidden = ((topic / "tests" / f"test_{kind}.py").read_text("utf-8") for kind in ("public", "hidden"))
    assert '"""The mean of a few."""' in public
    assert "assert_equal(student.mean(x), TWO, help='sum over count')" in public
    assert "assert_allclose(student.mean(x), 2, rtol=0, atol=0, check_dtype=False)" in public
    assert "assert_raises(ValueError, student.mean, [])" in public
    assert "\nTWO = 2.0\n" in public
    assert "UNUSED" not in public
    assert "    x = [1, 2, 3]\n" in hidden
    assert "TODO: what this checks" in hidden


def test_other_libraries_of_assertions(tmp_path: Path, grader: Command) -> None:
    """nose's words; a class of the solution can't be asked for; a shape of torch's is no tuple."""
    said, topic = convert(tmp_path, grader, ACCOUNT, "account")
    assert "cell 2: `isinstance(a, Account)` asks for a class of the solution: left out" in said
    public, hidden = ((topic / "tests" / f"test_{kind}.py").read_text("utf-8") for kind in ("public", "hidden"))
    assert "nose" not in public + hidden
    assert "assert_raises(ValueError, a.withdraw, 100)" in hidden
    _, topic = convert(tmp_path, grader, TORCH, "activation")
    public = (topic / "tests" / "test_public.py").read_text("utf-8")
    assert "assert_equal(tuple(student.relu(x).shape), (2,))" in public
    assert "assert_allclose(student.relu(x), F.relu(x))" in public
    assert "assert_allclose(student.relu(x), x.clamp(0), rtol=0, atol=0.0015)" in public
    assert "import torch\n" in public
    assert "functional" not in (topic / "activation.py").read_text("utf-8")
    assert 'runtime = "torch"' in (topic / "topic.toml").read_text("utf-8")


def test_a_notebook_of_variables_is_refused(tmp_path: Path, grader: Command) -> None:
    """There is nothing that could be called."""
    cells = [solved("### BEGIN SOLUTION\nanswer = 42\n### END SOLUTION"), graded("assert answer == 42")]
    (tmp_path / "solutions").mkdir()
    (tmp_path / "given.ipynb").write_text(json.dumps({"nbformat": 4, "cells": cells}), encoding="utf-8")
    ran = grader(tmp_path, "new", "answers", "--from-nbgrader", "given.ipynb")
    assert ran.code == 2
    assert "no autograded test that calls a function" in ran.err


@pytest.mark.slow
@pytest.mark.parametrize(("slug", "cells", "most"), [("averages", STATISTICS, 4), ("account", ACCOUNT, 5)])
def test_they_grade(tmp_path: Path, grader: Command, slug: str, cells: list[dict[str, Any]], most: float) -> None:
    """The reference earns everything, its stub nothing."""
    _, topic = convert(tmp_path, grader, cells, slug)
    assert grader(tmp_path, "release", slug).code == 0
    stub = (tmp_path / "exercises" / slug / f"{slug}.py").read_text("utf-8")
    hand_in(tmp_path / "class", {"right.py": (topic / f"{slug}.py").read_text("utf-8"), "stub.py": stub})
    ran = grader(tmp_path, "grade", slug, "class", "--jobs", "1")
    assert ran.code == 0, ran.err
    results = json.loads((tmp_path / "out" / "results.json").read_bytes())
    assert {each["student"]: each["score"] for each in results["submissions"]} == {"right": most, "stub": 0}
