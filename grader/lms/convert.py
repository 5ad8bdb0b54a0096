"""A topic made from somebody else's nbgrader notebook, in the simple case: functions, and asserts that call them.

What can be done by reading is done: regions, points, lesson, and each assert as a check that calls ``student.…``. What
needs an author is left with a TODO where it stands: hints, titles, an oracle, wrong answers.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from grader.core.errors import CourseError
from grader.lms.convert_asserts import Rewritten, bound_by, loaded_by, rewritten, with_what_it_needs
from grader.lms.convert_reference import MARK, reference_part, without_unused_imports
from grader.release.skeleton import claim_slug
from grader.release.stub import find_regions, make_stub

_SOLUTION = re.compile(r"^[ \t]*#+ ?BEGIN SOLUTION", re.MULTILINE)
_HIDDEN = re.compile(
    r"^[ \t]*#+ ?BEGIN HIDDEN TESTS[^\n]*\n(.*?)^[ \t]*#+ ?END HIDDEN TESTS[^\n]*$", re.MULTILINE | re.DOTALL
)
_MAGIC = re.compile(r"^[ \t]*[%!][^\n]*$", re.MULTILINE)

_LEFT_TO_DO = (
    "topic.toml: a title, three hints for each task",
    "tests/: a title for each check; np.allclose took any dtype, assert_allclose wants the expected one",
    "submissions/: wrong answers, and right ones written differently",
)

_Function = ast.FunctionDef | ast.ClassDef


class Converted(msgspec.Struct, frozen=True):
    """The new topic's folder, and what its author has still to do, a line each."""

    folder: Path
    todo: tuple[str, ...]


class _Test(msgspec.Struct, frozen=True):
    """A part of a grade cell: the task it is about, and its statements, rewritten."""

    task: str
    hidden: bool
    said: Rewritten


class _Cell(msgspec.Struct, frozen=True):
    """A cell and what nbgrader says of it."""

    kind: str
    text: str
    solution: bool
    grade: bool
    points: float


def new_topic_from(solutions: Path, slug: str, notebook: Path) -> Converted:
    """Write topic ``slug`` below ``solutions`` from ``notebook``, the instructor's source with all its regions.

    CourseError if that can't be done by reading.
    """
    cells = _read(notebook)
    code = [cell for cell in cells if cell.kind == "code" and not cell.grade]
    parts = (reference_part(cell.text, solution=cell.solution).strip("\n") for cell in code)
    everything = "\n\n\n".join(filter(None, parts)).strip() + "\n"
    reference = without_unused_imports(everything)
    names = _defined(reference, notebook)
    tests, points, todo = _tests(cells, names)
    if not tests:
        raise CourseError(f"{notebook} has no autograded test that calls a function which its solutions define")
    make_stub(reference, slug)
    folder, order = claim_slug(solutions, slug)
    lesson = "\n\n".join(cell.text.strip() for cell in cells if cell.kind == "markdown" and not cell.solution)
    given = _given(everything)
    files = {
        "topic.toml": _topic(
            slug, order, points, "torch" if any("torch" in ast.unparse(node) for node in given) else "numpy"
        ),
        "README.md": lesson.strip() + "\n" if lesson.strip() else f"# {slug}\n\nTODO: the lesson.\n",
        f"{slug}.py": reference,
        "tests/test_public.py": _suite("Public checks.", [test for test in tests if not test.hidden], given),
        "tests/test_hidden.py": _suite("Hidden checks.", [test for test in tests if test.hidden], given),
        "submissions/right_reference.py": "# /// answer\n# right = true\n# ///\n" + MARK.sub("", reference),
    }
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    return Converted(folder, (*todo, *_LEFT_TO_DO))


def _read(notebook: Path) -> list[_Cell]:
    try:
        document: Any = json.loads(notebook.read_bytes())
        return [_cell(cell) for cell in document["cells"]]
    except OSError as error:
        raise CourseError(f"{notebook} can't be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise CourseError(f"{notebook} is no notebook in nbformat 4: open it in Jupyter and save it again") from None


def _cell(cell: dict[str, Any]) -> _Cell:
    mark = cell.get("metadata", {}).get("nbgrader", {})
    text = "".join(cell["source"])
    kind = str(cell["cell_type"])
    if kind == "code":
        text = _MAGIC.sub("", text)
    solution = bool(mark.get("solution")) or bool(_SOLUTION.search(text))
    return _Cell(kind, text, solution, bool(mark.get("grade")) and not solution, float(mark.get("points") or 0))


def _defined(reference: str, notebook: Path) -> list[str]:
    try:
        return [node.name for node in ast.parse(reference).body if isinstance(node, _Function)]
    except SyntaxError as error:
        raise CourseError(f"the code cells of {notebook}, one below the other, do not compile: {error}") from None


def _tests(cells: Sequence[_Cell], names: Sequence[str]) -> tuple[list[_Test], dict[str, float], tuple[str, ...]]:
    """The checks, each task's points in the notebook's order, and what could not be taken over."""
    tests: list[_Test] = []
    points: dict[str, float] = {}
    todo: list[str] = []
    for number, cell in enumerate(cells, start=1):
        if cell.solution and cell.points:
            todo.append(f"cell {number} is graded by hand ({cell.points:g} points): left out")
        if not cell.grade or cell.kind != "code":
            continue
        hidden = "\n".join(_HIDDEN.findall(cell.text))
        parts = {False: _HIDDEN.sub("", cell.text), True: hidden}
        try:
            bodies = {kind: ast.parse(_dedented(text)).body for kind, text in parts.items()}
        except SyntaxError:
            todo.append(f"cell {number} is no plain Python: write its checks by hand")
            continue
        bodies[True] = with_what_it_needs(bodies[True], bodies[False]) if bodies[True] else []
        task = _about([statement for body in bodies.values() for statement in body], names)
        if task is None:
            todo.append(f"cell {number} calls nothing that the solutions define: left out")
            continue
        found = [_Test(task, kind, rewritten(body, names)) for kind, body in bodies.items() if body]
        todo += [f"cell {number}: {reason}: left out" for test in found for reason in test.said.left_out]
        if kept := [test for test in found if test.said.body]:
            points[task] = points.get(task, 0.0) + cell.points
            tests += kept
    worth_nothing = [task for task, worth in points.items() if worth <= 0]
    todo += [f"{task} had no points: it now has 1" for task in worth_nothing]
    return tests, points | dict.fromkeys(worth_nothing, 1.0), tuple(todo)


def _dedented(text: str) -> str:
    lines = text.split("\n")
    margins = [len(line) - len(line.lstrip()) for line in lines if line.strip()]
    return "\n".join(line[min(margins, default=0) :] for line in lines)


def _about(body: Sequence[ast.stmt], names: Sequence[str]) -> str | None:
    """The name that the statements call most often, the first of equals."""
    called = [
        node.func.id
        for statement in body
        for node in ast.walk(statement)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names
    ]
    return max(called, key=called.count, default=None)


def _given(reference: str) -> list[ast.stmt]:
    """What tests may name beside the solutions: imports, and constants that are no part of a solution."""
    regions = find_regions(reference, "reference")
    return [
        node
        for node in ast.parse(reference).body
        if isinstance(node, ast.Import | ast.ImportFrom | ast.Assign)
        and getattr(node, "module", "") != "__future__"
        and not any(region.begin <= node.lineno <= region.end for region in regions)
    ]


def _topic(slug: str, order: int, points: dict[str, float], runtime: str) -> str:
    title = slug.replace("_", " ").capitalize()
    head = f'title = "{title}"\norder = {order}\nruntime = "{runtime}"\n'
    tasks = [
        f'\n[[tasks]]\nname = "{task}"\npoints = {worth:g}\nhints = ["TODO", "TODO", "TODO"]\n'
        for task, worth in points.items()
    ]
    return head + "".join(tasks)


def _suite(title: str, tests: Sequence[_Test], given: Sequence[ast.stmt]) -> str:
    checks = []
    for number, test in enumerate(tests, start=1):
        module = ast.fix_missing_locations(ast.Module(list(test.said.body), []))
        text = "\n".join(f"    {line}" for line in ast.unparse(module).split("\n"))
        # Names are unique over both files; words of a test that was shown tell nothing new.
        kind = "hidden" if test.hidden else "public"
        says = test.said.title.replace("\\", "/").replace('"', "'") if not test.hidden else ""
        checks.append(
            f'@pytest.mark.task("{test.task}")\ndef test_{test.task.lower()}_{kind}_{number}(student):\n'
            f'    """{says or "TODO: what this checks, without its inputs."}"""\n{text}\n'
        )
    used = {name for test in tests for name in test.said.used}
    head = "\n".join(_head(given, used, "\n".join(checks)))
    return f'"""{title}"""\n\n{head}\n' + "".join(f"\n\n{check}" for check in checks)


def _head(given: Sequence[ast.stmt], used: set[str], text: str) -> Iterator[str]:
    """What the checks in ``text`` need: of ``given`` what they name, NumPy, pytest, the comparisons."""
    named = loaded_by(ast.parse(text).body)
    kept: list[ast.stmt] = []
    for statement in reversed(given):
        if bound_by([statement]) & named:
            kept.insert(0, statement)
            named |= loaded_by([statement])
    imports = [statement for statement in kept if not isinstance(statement, ast.Assign)]
    yield from map(ast.unparse, imports)
    if "np" in named - bound_by(imports):
        yield "import numpy as np"
    if text:
        yield "import pytest"
    if used:
        yield f"\nfrom grader.testing import {', '.join(sorted(used))}"
    if constants := [ast.unparse(statement) for statement in kept if isinstance(statement, ast.Assign)]:
        yield "\n" + "\n".join(constants)
