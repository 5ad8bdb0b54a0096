"""Banned names: told by their line where a scan sees them, refused when run where it can't, never by mistake."""

from __future__ import annotations

import ast

import pytest

from grader.tests.toy import POINTS, ToyCourse, failing, right_but
from grader.wire.messages import Ban
from grader.worker.bans import Banned, ForbiddenName

BANNED = Banned(tuple(Ban(name, "") for name in ("torch", "statistics", "numpy.cumsum", "math.fsum")))


def scan(*cells: str) -> tuple[str, int, int] | None:
    """The ban that the scan of ``cells`` finds, with cell and line; None if it finds none."""
    try:
        BANNED.scan([(number, ast.parse(cell)) for number, cell in enumerate(cells)])
    except ForbiddenName as found:
        # A text of which this is denied is not scanned at all.
        assert any(BANNED.may_be_in(cell) for cell in cells)
        return (found.name, found.place.cell, found.place.line) if found.place else None
    return None


@pytest.mark.parametrize(
    "text",
    [
        "import torch",
        "import torch.nn.functional as F",
        "from torch import nn",
        "from torch.nn.functional import conv2d",
        "import json, torch",
        "def f():\n    import torch",
        "__import__('torch')",
        "import importlib\nimportlib.import_module('torch.nn')",
        "from importlib import import_module as load\nload('torch')",
        "import builtins\nbuiltins.__import__('torch')",
    ],
)
def test_a_banned_module_is_found_however_it_is_imported(text: str) -> None:
    """By import, alias, part, importlib, anywhere in the file."""
    assert ("torch", 0, text.count("\n") + 1) == scan(text)


@pytest.mark.parametrize(
    "text",
    [
        "import numpy\nnumpy.cumsum(x)",
        "import numpy as np\nf = np.cumsum",
        "from numpy import cumsum",
        "from numpy import cumsum as running",
        "import numpy as np\nlib = np\nlib.cumsum(x)",
        "import numpy as np\ngetattr(np, 'cumsum')(x)",
        "import numpy as np\nclass A:\n    f = staticmethod(np.cumsum)",
        "import numpy as np\ndef f(g=np.cumsum): pass",
        "import numpy as np\n@np.cumsum\ndef f(): pass",
    ],
)
def test_a_banned_function_is_found_however_it_is_named(text: str) -> None:
    """By its module, an alias, a variable, getattr with a constant."""
    found = scan(text)
    assert found is not None
    assert "numpy.cumsum" == found[0]


def test_an_alias_of_an_earlier_cell_is_known() -> None:
    """The line is the one in its own cell."""
    assert ("numpy.cumsum", 1, 2) == scan("import numpy as np", "x = 1\nnp.cumsum(x)")


@pytest.mark.parametrize(
    "text",
    [
        "import torchvision",
        "import numpy as np\nnp.cumsums",
        "x.torch",
        "torch = 1",
        "def cumsum(x): pass\ncumsum(1)",
        "'import torch'",
        "# import torch",
        "import numpy as np\nnp.convolve(x, y)",
        "from . import torch",
    ],
)
def test_what_only_looks_like_a_banned_name_is_let_pass(text: str) -> None:
    """Names of the student's own, longer names, strings and comments."""
    assert scan(text) is None


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("import torch", "toy.py, line 2 uses torch, which this topic bans; use NumPy instead"),
        ("from statistics import fsum", "toy.py, line 2 uses statistics, which this topic bans; use a loop instead"),
        ("import math; math.fsum", "toy.py, line 2 uses math.fsum, which this topic bans"),
        ("def double(x):\n    return __import__('torch')", "toy.py, line 3 uses torch"),
    ],
)
def test_what_the_scan_finds_is_forbidden_before_anything_runs(
    toy_course: ToyCourse, statement: str, reason: str
) -> None:
    """Every check says which line uses what, and what to use instead."""
    result = toy_course.grade(f"print('ran')\n{statement}")
    assert ({"FORBIDDEN", "SKIPPED"}, 0, "") == ({*result.verdicts.values()}, result.score, result.output)
    assert result.outcomes[0].reason.startswith(reason)


@pytest.mark.parametrize(
    "code",
    [
        "exec('import torch')",
        "__import__('tor' + 'ch')",
        "import importlib; importlib.import_module('TORCH'.lower())",
        "import importlib.util as u; u.find_spec('to' + 'rch')",
        "eval('__import__(\"torch.nn\")')",
        "exec('from math import fsum; fsum([1])')",
        "getattr(np, 'cum' + 'sum')(x)",
        "vars(np)['cumsum'](x)",
        "exec('from numpy import *; cumsum(1)', {})",
        "exec('import statistics as s; s.mean([1])')",
        "import sys; sys.modules['numpy'].__dict__['cumsum'](x)",
    ],
)
def test_what_no_scan_can_find_is_refused_when_it_runs(toy_course: ToyCourse, code: str) -> None:
    """exec, eval and computed names: the check that ran it is FORBIDDEN."""
    result = toy_course.grade(right_but(f"def double(x):\n    {code}\n    return x * 2"))
    assert {"double_small": "FORBIDDEN", "double_table": "FORBIDDEN", "double_unchanged": "SKIPPED"} == failing(
        result.verdicts
    )
    assert "which this topic bans" in result.outcome("test_double_small").reason


def test_a_banned_name_in_one_cell_forbids_the_notebook(toy_course: ToyCourse) -> None:
    """The reason names the cell and its line."""
    result = toy_course.grade("import numpy as np", "def f(x):\n    return np.cumsum(x)", notebook=True)
    assert "cell 2, line 2 uses numpy.cumsum, which this topic bans; use a loop instead" == (result.outcomes[0].reason)
    assert 0 == result.score


def test_numpy_still_works_with_its_parts_banned(toy_course: ToyCourse) -> None:
    """A ban takes away its own name and nothing else."""
    assert POINTS == toy_course.grade(right_but("def double(x):\n    return np.add.reduce([x, x])")).points


@pytest.mark.parametrize(
    ("text", "maybe"),
    [
        ("import numpy as np\nx = np.add(1, 2)", False),
        ("import ｔｏｒｃｈ", True),
        ("import math\nmath.\\\nfsum([])", True),
        ("__import__('tor' 'ch')", True),
        ("# slower than torch", True),
        ("größe = '–'", False),
    ],
)
def test_what_no_scan_could_find_is_not_scanned_for(text: str, maybe: bool) -> None:
    """By the words of the text alone, as Python reads them."""
    assert maybe == BANNED.may_be_in(text)
