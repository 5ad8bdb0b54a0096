"""What a collected suite consists of: checks with their marks, in an order that dependencies allow."""

from __future__ import annotations

import ast
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grader.core import errors
from grader.core.grade import CheckSpec, Outcome, Visibility
from grader.core.topic import Topic
from grader.core.verdict import Verdict
from grader.session.student import Student


class Case:
    """One collected item, with all that is asked of it for every submission worked out once."""

    __slots__ = ("case", "check", "item", "parameters", "passed", "task", "wants_student")

    def __init__(self, item: pytest.Function) -> None:
        self.item = item
        mark = item.get_closest_marker("task")
        self.task = str(mark.args[0]) if mark is not None and mark.args else ""
        self.check = check_id(item)
        self.case = case_id(item)
        self.passed = Outcome(check=self.check, case=self.case, verdict=Verdict.PASSED)
        self.parameters = _own_parameters(item)
        self.wants_student = "student" in item.fixturenames

    def arguments(self, student: Student | None) -> dict[str, Any] | None:
        """The arguments of a test that needs no fixture but ``student``; None where pytest has something to set up."""
        if self.parameters is None:
            return None
        return {**self.parameters, "student": student} if self.wants_student else self.parameters


def _own_parameters(item: pytest.Function) -> dict[str, Any] | None:
    """The parametrised arguments of a test that uses no fixture but ``student``, else None."""
    marks = list(item.iter_markers())
    if any(mark.name in ("skip", "skipif", "xfail", "usefixtures") for mark in marks):
        return None
    if any(mark.name == "parametrize" and (len(mark.args) > 2 or mark.kwargs.get("indirect")) for mark in marks):
        return None
    parameters = dict(item.callspec.params) if hasattr(item, "callspec") else {}
    return parameters if set(item.fixturenames) <= {*parameters, "student"} else None


def check_id(item: pytest.Item) -> str:
    """The test function's name: a check is a function, whatever its cases."""
    return str(getattr(item, "originalname", None) or item.name)


def case_id(item: pytest.Item) -> str:
    """The case's id within its check; empty where there is one case only."""
    name = item.name
    return name[len(check_id(item)) :].strip("[]")


def collect_specs(topic: Topic, items: Sequence[pytest.Item]) -> tuple[CheckSpec, ...]:
    """The checks in running order: public before hidden, each after those it depends on. CourseError on nonsense."""
    found: dict[str, CheckSpec] = {}
    files: dict[str, str] = {}
    for item in items:
        check = check_id(item)
        file = item.path.name
        if check in found:
            if files[check] != file:
                raise errors.CourseError(f"{topic.slug}: two checks are called {check}")
            found[check] = msgspec.structs.replace(found[check], cases=(*found[check].cases, case_id(item)))
            continue
        files[check] = file
        found[check] = _spec(topic, item, check, file)
    return tuple(_ordered(topic, found))


def refuse_unchecked(topic: Topic, specs: Sequence[CheckSpec]) -> None:
    """A whole suite has a check for every task; the public half of one need not."""
    for task in topic.config.tasks:
        if not any(spec.task == task.name for spec in specs):
            raise errors.CourseError(f"{topic.slug}: no check belongs to task {task.name!r}")


def _spec(topic: Topic, item: pytest.Item, check: str, file: str) -> CheckSpec:
    mark = item.get_closest_marker("task")
    if mark is None or not mark.args:
        raise errors.CourseError(f'{topic.slug}: {check} needs @pytest.mark.task("…")')
    task = topic.task(str(mark.args[0])).name
    weight = item.get_closest_marker("weight")
    visibility: Visibility = "public" if file == "test_public.py" else "hidden"
    if item.get_closest_marker("public"):
        visibility = "public"
    if item.get_closest_marker("hidden"):
        visibility = "hidden"
    depends = tuple(str(name) for mark in item.iter_markers("depends") for name in mark.args)
    doc = (getattr(getattr(item, "function", None), "__doc__", None) or "").strip()
    if not doc:
        raise errors.CourseError(f"{topic.slug}: {check} needs a docstring; its first line is the title students see")
    share = float(weight.args[0]) if weight is not None else 1.0
    if not 0 < share < math.inf:
        raise errors.CourseError(f"{topic.slug}: {check} needs a weight above 0, and a finite one")
    return CheckSpec(check, task, doc.splitlines()[0].rstrip("."), visibility, share, depends, (case_id(item),))


def _ordered(topic: Topic, found: dict[str, CheckSpec]) -> list[CheckSpec]:
    """Public first, then hidden, in the order written, but each after what it depends on."""
    ordered: list[CheckSpec] = []
    placed: set[str] = set()

    def place(spec: CheckSpec, path: tuple[str, ...]) -> None:
        if spec.id in placed:
            return
        if spec.id in path:
            raise errors.CourseError(f"{topic.slug}: {spec.id} depends on itself, by way of {' and '.join(path)}")
        for name in spec.depends:
            if name not in found:
                raise errors.CourseError(f"{topic.slug}: {spec.id} depends on {name}, which does not exist")
            needed = found[name]
            if spec.visibility == "public" and needed.visibility == "hidden":
                raise errors.CourseError(f"{topic.slug}: the public {spec.id} depends on the hidden {name}")
            place(needed, (*path, spec.id))
        placed.add(spec.id)
        ordered.append(spec)

    for visibility in ("public", "hidden"):
        for spec in found.values():
            if spec.visibility == visibility:
                place(spec, ())
    return ordered


def parameters_of(file: Path) -> dict[str, tuple[str, ...]]:
    """The parameter names of every function and class in ``file``, for calls in words; empty if it can't be parsed."""
    try:
        tree = ast.parse(file.read_text(encoding="utf-8"))
    except (OSError, SyntaxError, ValueError, RecursionError):
        # On a student's own machine the file is the student's, and may be anything.
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            found[node.name] = tuple(argument.arg for argument in node.args.args)
        elif isinstance(node, ast.ClassDef):
            for method in node.body:
                if isinstance(method, ast.FunctionDef) and method.name == "__init__":
                    found[node.name] = tuple(argument.arg for argument in method.args.args[1:])
    return found
