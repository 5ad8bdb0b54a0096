"""A topic as a source notebook of nbgrader's, and a course folder of them.

The notebook holds the lesson, then for each task the public checks to read, a solution cell with nbgrader's own
``### BEGIN SOLUTION`` regions, and one locked grade cell with the task's points. It is made from the reference, so
that clearing its regions gives the released stub. Beside it lie the files a public check needs.
"""

from __future__ import annotations

import ast
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from grader.core.errors import CourseError
from grader.core.topic import Task, Topic
from grader.release.notebook import notebook_bytes, notebook_of, split_stub
from grader.release.stub import find_regions, first_line
from grader.release.twin import FIGURES, derive

CONFIGURATION = '''\
"""nbgrader's configuration: how to release these assignments, and who grades them."""

from grader.lms.nbgrader.configuration import configure

c = get_config()  # noqa: F821  nbgrader provides it
# The folder that holds solutions/: the hidden suites stay there, and never enter a notebook or its kernel.
configure(c, course={course!r})
'''

ADDED = """\

# Added by `grader export nbgrader`: how to release its assignments, and who grades them.
from grader.lms.nbgrader.configuration import configure  # noqa: E402

configure(get_config(), course={course!r})  # noqa: F821  nbgrader provides it
"""

_BESIDE = ("topic.toml", "test_public.py", "support.py", "probes.py")


def grade_id(task: str) -> str:
    """The id of a task's grade cell, whose output is its points."""
    return f"points-{task}"


def solution_id(task: str) -> str:
    """The id of a task's solution cell, which carries the comment."""
    return f"solution-{task}"


def write_course(topics: Sequence[Topic], course: Path, to: Path) -> list[Path]:
    """Write ``source/<slug>/`` for each topic below ``to``, and what ``nbgrader_config.py`` needs at its end.

    ``course`` is the folder that holds ``solutions/``. Returns what was written. CourseError if a topic can't be
    released or a file can't be written.
    """
    files: dict[Path, bytes] = {}
    for topic in topics:
        folder = to / "source" / topic.slug
        twin = derive(topic)
        files[folder / f"{topic.slug}.ipynb"] = source_notebook(topic)
        files |= {folder / name: twin[name] for name in twin if name in _BESIDE or name.startswith(f"{FIGURES}/")}
    configuration = to / "nbgrader_config.py"
    if (text := _configuration(configuration, str(course.resolve()))) is not None:
        files[configuration] = text.encode()
    try:
        for file, content in files.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
    except OSError as error:
        raise CourseError(f"{error.filename} can't be written: {error.strerror}; give another folder by --to") from None
    return list(files)


def _configuration(file: Path, course: str) -> str | None:
    """The text of nbgrader's configuration with ours in it; None if it is there already. An instructor's is kept."""
    try:
        text = file.read_text(encoding="utf-8")
        called = [ast.unparse(node.func) for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    except FileNotFoundError:
        return CONFIGURATION.format(course=course)
    except (OSError, ValueError, SyntaxError) as error:
        raise CourseError(f"{file} can't be read as Python: {error}; mend it, or give another folder by --to") from None
    return None if "configure" in called else text.rstrip("\n") + "\n" + ADDED.format(course=course)


def source_notebook(topic: Topic) -> bytes:
    """The source notebook of ``topic``: nbformat 4.5 in UTF-8, the same bytes for the same topic."""
    slug, tasks = topic.slug, {task.name: task for task in topic.config.tasks}
    reference = topic.reference.read_text(encoding="utf-8")
    lesson = (topic.path / "README.md").read_text(encoding="utf-8")
    public = (topic.tests / "test_public.py").read_text(encoding="utf-8")
    preamble, *chunks = split_stub(reference, slug, list(tasks))
    cells = [_cell("lesson", "markdown", lesson), _locked("load", "code", "%load_ext grader.lms.cell")]
    if preamble.strip():
        cells.append(_solution("preamble", preamble, slug))
    helpers, chunks = _without_helpers(chunks, slug)
    if helpers:
        cells.append(_solution("helpers", f"# Your own helpers, if you like.\n{helpers}", slug))
    for chunk in chunks:
        task = tasks[next(name for name in _defined(chunk) if name in tasks)]
        cells += [
            _locked(f"checks-{task.name}", "markdown", _public_checks(public, task)),
            _solution(solution_id(task.name), chunk, slug),
            _graded(slug, task),
        ]
    return notebook_bytes(notebook_of(cells))


def _without_helpers(chunks: Sequence[str], slug: str) -> tuple[str, list[str]]:
    """The solution regions outside of definitions, and the chunks without them.

    A grade cell checks what has been run so far, so what tasks share stands before the first.
    """
    helpers: list[str] = []
    rest = []
    for chunk in chunks:
        lines = list(io.StringIO(chunk))
        apart = [each for each in find_regions(chunk, slug) if lines[each.begin - 1].startswith("#")]
        helpers += ["".join(lines[region.begin - 1 : region.end]) for region in apart]
        for region in reversed(apart):
            del lines[region.begin - 1 : region.end]
        rest.append("".join(lines))
    return "\n".join(helpers), rest


def _defined(text: str) -> list[str]:
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return [statement.name for statement in ast.parse(text).body if isinstance(statement, kinds)]


def _public_checks(text: str, task: Task) -> str:
    """The public checks of ``task`` as their author wrote them; ``test_public.py`` beside the notebook has them all."""
    lines = list(io.StringIO(text))
    found = [
        "".join(lines[first_line(statement) - 1 : statement.end_lineno])
        for statement in ast.parse(text).body
        if isinstance(statement, ast.FunctionDef) and _marked(statement, task.name)
    ]
    code = "\n\n".join(found)
    said = f"### `{task.name}`: {task.points:g} points\n\nThe public checks; hidden ones are added when it is graded."
    return f"{said}\n\n```python\n{code}```" if code else said


def _marked(function: ast.FunctionDef, task: str) -> bool:
    return any(
        isinstance(mark, ast.Call)
        and ast.unparse(mark.func) == "pytest.mark.task"
        and [getattr(argument, "value", None) for argument in mark.args] == [task]
        for mark in function.decorator_list
    )


def _graded(slug: str, task: Task) -> dict[str, Any]:
    text = (
        f"# {task.points:g} points. Run this cell to try the public checks, in a process of their own.\n"
        f"%points {slug} {task.name}"
    )
    cell = _cell(grade_id(task.name), "code", text)
    cell["metadata"]["nbgrader"] = _mark(cell["id"], grade=True, points=task.points, locked=True)
    return cell


def _solution(name: str, text: str, slug: str) -> dict[str, Any]:
    """A cell that students change: a solution cell if it holds a region, else one that nbgrader leaves alone."""
    cell = _cell(name, "code", text)
    if find_regions(text, slug):
        cell["metadata"]["nbgrader"] = _mark(name, solution=True)
    return cell


def _locked(name: str, kind: str, text: str) -> dict[str, Any]:
    cell = _cell(name, kind, text)
    cell["metadata"]["nbgrader"] = _mark(name, locked=True)
    return cell


def _mark(name: str, **given: Any) -> dict[str, Any]:
    plain = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
    return {**plain, "grade_id": name, **given}


def _cell(name: str, kind: str, text: str) -> dict[str, Any]:
    source = list(io.StringIO(text.strip("\n")))
    cell: dict[str, Any] = {"cell_type": kind, "id": name, "metadata": {}, "source": source}
    return cell | {"execution_count": None, "outputs": []} if kind == "code" else cell
