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
from grader.release.skeleton import claim_slug
from grader.release.stub import BEGIN, END, make_stub

_SOLUTION = re.compile(r"^[ \t]*#+ ?BEGIN SOLUTION", re.MULTILINE)
_MARK = re.compile(r"^([ \t]*)#+ ?(BEGIN|END) SOLUTION[ \t]*$", re.MULTILINE)
_HIDDEN = re.compile(
    r"^[ \t]*#+ ?BEGIN HIDDEN TESTS[^\n]*\n(.*?)^[ \t]*#+ ?END HIDDEN TESTS[^\n]*$", re.MULTILINE | re.DOTALL
)
_MAGIC = re.compile(r"^[ \t]*[%!][^\n]*$", re.MULTILINE)

_CLOSE = {"np.testing.assert_allclose", "np.testing.assert_array_almost_equal", "np.testing.assert_almost_equal"}
_EXACT = {"np.testing.assert_array_equal", "np.testing.assert_equal"}
_TRUTH = {"np.allclose": "assert_allclose", "np.isclose": "assert_allclose", "torch.allclose": "assert_allclose"} | {
    "np.array_equal": "assert_allclose",
    "math.isclose": "assert_allclose",
}

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
    """A part of a grade cell: the task it is about, and its statements."""

    task: str
    hidden: bool
    body: tuple[ast.stmt, ...]


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
    reference = "\n\n\n".join(filter(None, (_reference(cell) for cell in code))).strip() + "\n"
    names = _defined(reference, notebook)
    tests, points, todo = _tests(cells, names)
    if not tests:
        raise CourseError(f"{notebook} has no autograded test that calls a function which its solutions define")
    make_stub(reference, slug)
    folder, order = claim_slug(solutions, slug)
    lesson = "\n\n".join(cell.text.strip() for cell in cells if cell.kind == "markdown" and not cell.solution)
    imports = _imports(reference)
    files = {
        "topic.toml": _topic(slug, order, points, "torch" if "import torch" in imports else "numpy"),
        "README.md": lesson.strip() + "\n" if lesson.strip() else f"# {slug}\n\nTODO: the lesson.\n",
        f"{slug}.py": reference,
        "tests/test_public.py": _suite("Public checks.", [test for test in tests if not test.hidden], names, imports),
        "tests/test_hidden.py": _suite("Hidden checks.", [test for test in tests if test.hidden], names, imports),
        "submissions/right_reference.py": "# /// answer\n# right = true\n# ///\n" + _MARK.sub("", reference),
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


def _reference(cell: _Cell) -> str:
    """A cell of the reference with our own markers; nbgrader clears a solution cell without any as a whole."""
    text = _MARK.sub(lambda mark: f"{mark[1]}### {mark[2]} SOLUTION", cell.text).strip("\n")
    if not cell.solution or BEGIN in text:
        return text
    try:
        body = ast.parse(text).body
    except SyntaxError:
        return text
    lines = text.split("\n")
    for statement in reversed(body):
        if isinstance(statement, ast.FunctionDef):
            kept = ast.get_docstring(statement) is not None
            first = statement.body[1 if kept and len(statement.body) > 1 else 0]
            indent = " " * first.col_offset
            lines.insert(statement.end_lineno or len(lines), f"{indent}{END}")
            lines.insert(first.lineno - 1, f"{indent}{BEGIN}")
    return "\n".join(lines)


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
        task = _about([statement for body in bodies.values() for statement in body], names)
        if task is None:
            todo.append(f"cell {number} calls nothing that the solutions define: left out")
            continue
        points[task] = points.get(task, 0.0) + cell.points
        tests += [_Test(task, kind, tuple(body)) for kind, body in bodies.items() if body]
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


def _imports(reference: str) -> str:
    kept = [node for node in ast.parse(reference).body if isinstance(node, ast.Import | ast.ImportFrom)]
    return "\n".join(ast.unparse(node) for node in kept if getattr(node, "module", "") != "__future__")


def _topic(slug: str, order: int, points: dict[str, float], runtime: str) -> str:
    title = slug.replace("_", " ").capitalize()
    head = f'title = "{title}"\norder = {order}\nruntime = "{runtime}"\n'
    tasks = [
        f'\n[[tasks]]\nname = "{task}"\npoints = {worth:g}\nhints = ["TODO", "TODO", "TODO"]\n'
        for task, worth in points.items()
    ]
    return head + "".join(tasks)


def _suite(title: str, tests: Sequence[_Test], names: Sequence[str], imports: str) -> str:
    used: set[str] = set()
    checks = []
    for number, test in enumerate(tests, start=1):
        rewrite = _Rewrite(names, used)
        body = [ast.unparse(rewrite.visit(statement)) for statement in test.body]
        text = "\n".join(f"    {line}" for statement in body for line in statement.split("\n"))
        # Names are unique over both files.
        kind = "hidden" if test.hidden else "public"
        checks.append(
            f'@pytest.mark.task("{test.task}")\ndef test_{test.task.lower()}_{kind}_{number}(student):\n'
            f'    """TODO: what this checks, without its inputs."""\n{text}\n'
        )
    head = "\n".join(_ordered_imports(imports, used, bool(tests)))
    return f'"""{title}"""\n\n{head}\n' + "".join(f"\n\n{check}" for check in checks)


def _ordered_imports(imports: str, used: set[str], tested: bool) -> Iterator[str]:
    if "assert_allclose" in used and "import numpy as np" not in imports:
        yield "import numpy as np"
    yield from imports.split("\n") if imports and tested else ()
    if tested:
        yield "import pytest"
    if used:
        yield f"\nfrom grader.testing import {', '.join(sorted(used))}"


class _Rewrite(ast.NodeTransformer):
    """Asserts become the course's own comparisons, and names of the solution become ``student.name``."""

    def __init__(self, names: Sequence[str], used: set[str]) -> None:
        self._names = frozenset(names)
        self._used = used

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id not in self._names or not isinstance(node.ctx, ast.Load):
            return node
        return ast.Attribute(ast.Name("student", ast.Load()), node.id, ast.Load())

    def visit_Assert(self, node: ast.Assert) -> ast.stmt:
        test = node.test
        if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq):
            left, right = test.left, test.comparators[0]
            if not self._calls(left) and self._calls(right):
                left, right = right, left
            return self._compare("assert_equal", [left, right])
        if isinstance(test, ast.Call) and ast.unparse(test.func) in _TRUTH and len(test.args) >= 2:
            return self._compare(_TRUTH[ast.unparse(test.func)], test.args[:2], test.keywords)
        self._used.add("assert_that")
        words = [ast.Constant(ast.unparse(test)), ast.Constant("something else")]
        truth = ast.Call(ast.Name("bool", ast.Load()), [self.visit(test)], [])
        return ast.Expr(ast.Call(ast.Name("assert_that", ast.Load()), [truth, *words], []))

    def visit_Expr(self, node: ast.Expr) -> ast.stmt:
        call = node.value
        if isinstance(call, ast.Call) and len(call.args) >= 2:
            name = ast.unparse(call.func)
            if name in _CLOSE | _EXACT:
                return self._compare("assert_allclose", call.args[:2], call.keywords if name in _CLOSE else [])
        self.generic_visit(node)
        return node

    def _compare(self, name: str, given: Sequence[ast.expr], keywords: Sequence[ast.keyword] = ()) -> ast.stmt:
        self._used.add(name)
        kept = [word for word in keywords if word.arg in ("rtol", "atol")]
        if name == "assert_allclose" and isinstance(given[1], ast.List | ast.Tuple):
            # Floats are what such a comparison is for.
            array = ast.Attribute(ast.Name("np", ast.Load()), "array", ast.Load())
            dtype = ast.keyword("dtype", ast.Name("float", ast.Load()))
            given = [given[0], ast.Call(array, [given[1]], [dtype])]
        return ast.Expr(ast.Call(ast.Name(name, ast.Load()), [self.visit(each) for each in given], kept))

    def _calls(self, node: ast.expr) -> bool:
        return any(isinstance(each, ast.Name) and each.id in self._names for each in ast.walk(node))
