"""The same checks for nbgrader and for otter-grader, as a course would write them for each.

Both run the tests in the student's interpreter, from a notebook. What they are given is :mod:`grader.benchmarks.cases`;
a task is a test.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
import nbformat

from grader.benchmarks.cases import write_checks
from grader.benchmarks.measuring import Cost, copies, cost_of
from grader.core.errors import GraderError
from grader.core.topic import Topic

_OTTER_TEST: Final = """
OK_FORMAT = False

from otter.test_files import test_case

name = {task!r}
points = 1

@test_case()
def test_{task}(env):
    import sys
    sys.path.insert(0, {folder!r})
    import checks
    checks.check({task!r}, env)
"""

# Any: nbformat's functions have no types.
_FORMAT: Final[Any] = nbformat.v4


def nbgrader_cost(topic: Topic, program: str, count: int, folder: Path) -> Cost:
    """What ``nbgrader autograde`` takes for ``count`` copies, in one command."""
    tasks = write_checks(topic, folder)
    book = _notebook([(_solution(""), _marks("answer", solution=True))])
    for task in tasks:
        test = f"import sys\nsys.path.insert(0, {str(folder)!r})\nimport checks\nchecks.check({task!r}, globals())"
        book.cells.append(_cell(test, _marks(f"test_{task}", grade=True)))
    _write(book, folder / "source" / "one" / "answer.ipynb")
    (folder / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'measured'\n")
    cost_of([program, "generate_assignment", "one"], folder, _beside(program))
    for number, text in enumerate(copies(topic, count)):
        book.cells[0].source = text
        _write(book, folder / "submitted" / f"student{number:05}" / "one" / "answer.ipynb")
    cost = cost_of([program, "autograde", "one"], folder, _beside(program))
    with contextlib.closing(sqlite3.connect(folder / "gradebook.db")) as book_of_theirs:
        scores = [score for (score,) in book_of_theirs.execute("SELECT auto_score FROM grade")]
    _refuse_lost_points(scores, [1.0] * (count * len(tasks)))
    return cost


def otter_costs(topic: Topic, program: str, count: int, folder: Path) -> list[Cost]:
    """What ``otter run`` takes for each of ``count`` copies."""
    (folder / "tests").mkdir()
    tasks = write_checks(topic, folder)
    for task in tasks:
        test = _OTTER_TEST.format(task=task, folder=str(folder))
        (folder / "tests" / f"{task}.py").write_text(test, encoding="utf-8")
    cost_of([program, "generate", "-t", "tests", "-o", "autograder.zip", "--no-environment"], folder, _beside(program))
    costs = []
    for number, text in enumerate(copies(topic, count)):
        out = folder / f"out{number}"
        out.mkdir()
        _write(_notebook([(text, {})]), folder / f"copy{number}.ipynb")
        command = [program, "run", "-a", "autograder.zip", "-o", str(out), f"copy{number}.ipynb"]
        costs.append(cost_of(command, folder, _beside(program)))
        tests = msgspec.json.decode((out / "results.json").read_bytes())["tests"]
        _refuse_lost_points([test["score"] for test in tests if test["name"] in tasks], [1.0] * len(tasks))
    return costs


def _refuse_lost_points(scores: Sequence[float], expected: Sequence[float]) -> None:
    """A grader that does not give the reference its points has not done the same work."""
    if list(scores) != list(expected):
        raise GraderError(f"it gave {sum(scores):g} of {sum(expected):g} points to right answers")


def _beside(program: str) -> dict[str, str]:
    """An environment in which ``program`` finds the programs that were installed with it."""
    return {"PATH": f"{Path(program).parent}{os.pathsep}{os.environ.get('PATH', '')}"}


def _solution(text: str) -> str:
    return f"### BEGIN SOLUTION\n{text}\n### END SOLUTION"


def _marks(name: str, *, solution: bool = False, grade: bool = False) -> dict[str, Any]:
    marks = {
        "grade_id": name,
        "schema_version": 3,
        "solution": solution,
        "grade": grade,
        "locked": grade,
        "task": False,
    }
    return {"nbgrader": {**marks, "points": 1} if grade else marks}


def _cell(text: str, metadata: dict[str, Any]) -> Any:
    return _FORMAT.new_code_cell(text, metadata=metadata)


def _notebook(cells: Sequence[tuple[str, dict[str, Any]]]) -> Any:
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return _FORMAT.new_notebook(cells=[_cell(text, metadata) for text, metadata in cells], metadata=kernel)


def _write(book: Any, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(_FORMAT.writes(book), encoding="utf-8")
