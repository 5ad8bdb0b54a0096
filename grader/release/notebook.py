"""The notebook that is released beside a stub: the lesson, the stub one task a cell, and after each a cell that checks.

Made from the same text as the stub, so that a filled notebook grades as the filled stub does. It is plain nbformat
4.5, written as Jupyter writes it, and the same stub always gives the same bytes.
"""

from __future__ import annotations

import ast
import io
import json
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from grader.core.errors import CourseError
from grader.release.stub import first_line


def make_notebook(stub: str, lesson: str, slug: str, tasks: Sequence[str]) -> bytes:
    """The notebook for ``stub``, in UTF-8; CourseError if a task is not defined at the top level of the stub.

    Its code cells but those that load and call ``grader.notebooks``, one below the other, are the stub: first what
    stands before the first task, then each task with what follows it. Each task is followed by a cell that checks it,
    the last cell checks them all.
    """
    preamble, *definitions = split_stub(stub, slug, tasks)
    cells = [_cell("lesson", "markdown", lesson), _cell("load", "code", "%load_ext grader.notebooks")]
    if preamble.strip():
        cells.append(_cell("preamble", "code", preamble))
    starts = _starts(stub)
    in_order = sorted(tasks, key=starts.__getitem__)
    for number, (task, text) in enumerate(zip(in_order, definitions, strict=True), start=1):
        cells.append(_cell(f"task-{number}", "code", text))
        cells.append(_cell(f"check-{number}", "code", f"%check {slug} {task}"))
    cells.append(_cell("check", "code", f"%check {slug}"))
    return notebook_bytes(notebook_of(cells))


def notebook_of(cells: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A notebook of these cells, in nbformat 4.5."""
    return {
        "cells": list(cells),
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def notebook_bytes(notebook: dict[str, Any]) -> bytes:
    """``notebook`` as Jupyter writes it, in UTF-8; what UTF-8 has no bytes for is written as an escape."""
    text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True)
    return f"{text}\n".encode("utf-8", "backslashreplace")


def split_stub(stub: str, slug: str, tasks: Sequence[str]) -> list[str]:
    """``stub`` cut before each task's definition, its decorators and the comments right above it."""
    lines = list(io.StringIO(stub))
    starts = _starts(stub)
    missing = [name for name in tasks if name not in starts]
    if missing:
        raise CourseError(f"{slug}.py does not define {', '.join(missing)} outside its solution regions")
    cuts = [0, *sorted(starts[name] for name in tasks), len(lines)]
    return ["".join(lines[begin:end]) for begin, end in pairwise(cuts)]


def _starts(stub: str) -> dict[str, int]:
    """The row, from 0, in which each top-level definition begins, with its decorators and the comments above it."""
    lines = list(io.StringIO(stub))
    starts = {}
    for statement in ast.parse(stub).body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            first = first_line(statement) - 1
            while first > 0 and lines[first - 1].startswith("#"):
                first -= 1
            starts[statement.name] = first
    return starts


def _cell(name: str, kind: str, text: str) -> dict[str, Any]:
    source = list(io.StringIO(text.strip("\n")))
    cell: dict[str, Any] = {"cell_type": kind, "id": name, "metadata": {}, "source": source}
    return cell | {"execution_count": None, "outputs": []} if kind == "code" else cell
