"""A class that handed in by nbgrader: twenty notebooks, half of them damaged in the ways that notebooks are."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

Notebook = dict[str, Any]

WRONG = "def double(x):\n    return x * x\n"


def cell_of(notebook: Notebook, name: str) -> Notebook:
    """The cell with nbgrader's id ``name``."""
    found: Notebook = next(
        cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") == name
    )
    return found


def with_code(notebook: Notebook, name: str, text: str) -> Notebook:
    """A copy with ``text`` in a solution cell."""
    changed = copy.deepcopy(notebook)
    cell_of(changed, f"solution-{name}")["source"] = text
    return changed


def with_first(notebook: Notebook, text: str) -> Notebook:
    """A copy with a code cell before all others."""
    changed = copy.deepcopy(notebook)
    changed["cells"].insert(0, code(text))
    return changed


def with_last(notebook: Notebook, text: str) -> Notebook:
    """A copy with a code cell after all others."""
    changed = copy.deepcopy(notebook)
    changed["cells"].append(code(text))
    return changed


def code(text: str) -> Notebook:
    """A code cell without any mark."""
    return {"cell_type": "code", "metadata": {}, "source": text, "outputs": [], "execution_count": None}


def attacks(right: Notebook, stub: Notebook) -> dict[str, Notebook]:
    """What is known to work against grading in a student's kernel, on an empty answer; and a right one that is loud."""
    transformer = """
        import ast
        class Full(ast.NodeTransformer):
            def visit_Module(self, tree):
                return ast.parse("10.0")
        get_ipython().ast_transformers.append(Full())
        """
    comparer = """
        import numpy as np, builtins, IPython
        np.testing.assert_allclose = np.allclose = lambda *a, **k: True
        IPython.core.displayhook.DisplayHook.compute_format_data = lambda s, r: ({"text/plain": "10.0"}, {})
        """
    hooks = """
        seen = []
        get_ipython().events.register("pre_run_cell", lambda info: seen.append(info.raw_cell))
        get_ipython().events.register("post_run_cell", lambda result: print(seen))
        """
    magic = 'get_ipython().register_magic_function(lambda line: 10.0, "line", "points")\n'
    loud = "import sys, warnings\nsys.stderr.write('hello\\n')\nwarnings.warn('beware')\n"
    return {
        "attack-transformer": with_first(stub, dedent(transformer)),
        "attack-comparer": with_first(stub, dedent(comparer)),
        "attack-hooks": with_first(stub, dedent(hooks)),
        "attack-magic": with_last(with_first(stub, magic), magic),
        "loud": with_first(right, loud),
    }


def undamaged(right: Notebook, stub: Notebook) -> dict[str, Notebook]:
    """Ten students whose notebooks are as they were released, but for the answers."""
    return {
        "right": right,
        "stub": stub,
        "wrong": with_code(right, "double", WRONG),
        "half": with_code(stub, "total", "def total(numbers):\n    return sum(numbers)\n"),
        "syntax": with_code(right, "double", "def double(x:\n"),
        **attacks(right, stub),
    }


def _dropped(notebook: Notebook, *names: str) -> Notebook:
    changed = copy.deepcopy(notebook)
    for name in names:
        changed["cells"].remove(cell_of(changed, name))
    return changed


def _doubled(notebook: Notebook) -> Notebook:
    changed = copy.deepcopy(notebook)
    changed["cells"].append(copy.deepcopy(cell_of(changed, "points-double")))
    changed["cells"].insert(0, copy.deepcopy(cell_of(changed, "solution-total")))
    return changed


def _merged(notebook: Notebook) -> Notebook:
    changed = copy.deepcopy(notebook)
    solution, graded = cell_of(changed, "solution-double"), cell_of(changed, "points-double")
    solution["source"] = "".join(solution["source"]) + "\n\n" + "".join(graded["source"])
    changed["cells"].remove(graded)
    return changed


def _marks_changed(notebook: Notebook) -> Notebook:
    changed = copy.deepcopy(notebook)
    mark = cell_of(changed, "points-double")["metadata"]["nbgrader"]
    mark |= {"points": 9000, "locked": False, "grade": "yes"}
    cell_of(changed, "points-total")["source"] = "30.0"
    odd = cell_of(changed, "solution-total")
    cell_of(changed, "solution-Counter")["metadata"] |= {"tags": 7, "nbgrader": {"grade_id": 12}}
    odd["metadata"]["nbgrader"] = ["odd"]
    return changed


def _from_colab(notebook: Notebook) -> Notebook:
    changed = copy.deepcopy(notebook)
    changed["metadata"] = {"colab": {"provenance": []}, "kernelspec": {"name": "python3", "display_name": "Python 3"}}
    for cell in changed["cells"]:
        cell["metadata"] = {"id": "aBc", "colab": {"base_uri": "x"}, "vscode": {"languageId": "python"}}
        del cell["id"]
    changed["nbformat_minor"] = 0
    return changed


def _version_3(notebook: Notebook) -> Notebook:
    cells = []
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            given = {
                "cell_type": "code",
                "input": cell["source"],
                "language": "python",
                "outputs": [],
                "collapsed": False,
            }
        else:
            given = {"cell_type": "markdown", "source": cell["source"]}
        cells.append({**given, "metadata": cell["metadata"]})
    return {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [{"cells": cells, "metadata": {}}],
    }


def _huge_outputs(notebook: Notebook) -> Notebook:
    changed = copy.deepcopy(notebook)
    text = "z" * (13 << 20)
    for cell in [cell for cell in changed["cells"] if cell["cell_type"] == "code"][:4]:
        cell["outputs"] = [{"output_type": "stream", "name": "stderr", "text": text}]
    return changed


def _other_kernel(notebook: Notebook) -> Notebook:
    changed = copy.deepcopy(notebook)
    changed["metadata"] = {
        "kernelspec": {"name": "my-env", "display_name": "My env"},
        "language_info": {"name": "python"},
    }
    return changed


DAMAGES: dict[str, Callable[[Notebook], Notebook]] = {
    "deleted": lambda notebook: _dropped(notebook, "points-double", "points-total", "load"),
    "doubled": _doubled,
    "merged": _merged,
    "marks": _marks_changed,
    "colab": _from_colab,
    "version3": _version_3,
    "huge": _huge_outputs,
    "kernel": _other_kernel,
}
"""Damages to a right answer that must not cost a point."""


def hand_in_by_nbgrader(course: Path) -> set[str]:
    """Write twenty submissions of ``toy`` below ``course/submitted``; returns the students that are undamaged."""
    right = json.loads((course / "source" / "toy" / "toy.ipynb").read_bytes())
    stub = json.loads((course / "release" / "toy" / "toy.ipynb").read_bytes())
    whole = undamaged(right, stub)
    texts = {f"{name}/toy/toy.ipynb": json.dumps(notebook) for name, notebook in whole.items()}
    texts |= {f"{name}/toy/toy.ipynb": json.dumps(damage(right)) for name, damage in DAMAGES.items()}
    texts["renamed/toy/toy (1) final.ipynb"] = json.dumps(right)
    texts["renamed/toy/.ipynb_checkpoints/toy-checkpoint.ipynb"] = json.dumps(stub)
    texts["cut/toy/toy.ipynb"] = json.dumps(right)[:-300]
    texts["right/toy/timestamp.txt"] = "2026-11-20 10:00:00 UTC"
    texts["absent/other/other.ipynb"] = json.dumps(right)
    for name, text in texts.items():
        file = course / "submitted" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return set(whole)
