"""Compile and run a submission under its own file name.

The tree that is scanned for banned names is the tree that is compiled: the scanner and Python can't read different
text. A notebook runs cell by cell, and a cell that does not parse or raises does not lose the rest.
"""

from __future__ import annotations
import __future__

import ast
import functools
import importlib.abc
import importlib.machinery
import linecache
import operator
import sys
import types
from typing import Final

from grader.wire.messages import Load, Place
from grader.worker import bans, excinfo
from grader.worker.notebook import transform_cell

_FUTURES: Final = functools.reduce(
    operator.or_, (getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)
)


class Unreadable(Exception):
    """The text is no Python."""

    def __init__(self, reason: str, place: Place | None) -> None:
        super().__init__(reason)
        self.reason, self.place = reason, place


class Submission:
    """A submission compiled and scanned, and not yet run.

    Making one raises Unreadable if there is nothing to run, and bans.ForbiddenName for what a scan finds.
    """

    def __init__(self, request: Load) -> None:
        self._request = request
        self._notes: list[str] = []
        self._banned = bans.Banned(request.banned)
        parsed = _parse(request, self._banned, self._notes)
        self._codes = [(number, code) for number, _, code in parsed]
        self._banned.scan([(number, tree) for number, tree, _ in parsed if tree is not None])

    def run(self, module: types.ModuleType) -> list[str]:
        """Run it in ``module``; returns notes. Raises whatever the submission raises."""
        request, notes = self._request, list(self._notes)
        module.__file__ = request.cells[0].label if request.cells else request.module
        sys.modules[request.module] = module
        if request.support is not None:
            sys.meta_path.insert(0, _Support(request.support))
            linecache.cache["support.py"] = (len(request.support), None, request.support.splitlines(True), "support.py")
        self._banned.arm()
        for number, code in self._codes:
            cell = request.cells[number]
            linecache.cache[cell.label] = (len(cell.text), None, cell.text.splitlines(True), cell.label)
            try:
                exec(code, module.__dict__)
            except bans.ForbiddenName:
                raise
            except BaseException as error:
                if not request.notebook:
                    raise
                bases, _, place, _ = excinfo.describe(error, (cell.label,))
                where = f" on its line {place.line}" if place else ""
                notes.append(f"{cell.label} raised {bases[0] if bases else 'an exception'}{where}")
        return notes


def _parse(request: Load, banned: bans.Banned, notes: list[str]) -> list[tuple[int, ast.Module | None, types.CodeType]]:
    """The cells that are Python: number, tree, and the code that is compiled from that very tree.

    None in place of a tree in which a scan could find nothing: to make one takes longer than all the rest.
    """
    parsed: list[tuple[int, ast.Module | None, types.CodeType]] = []
    failures = []
    futures = 0
    for number, cell in enumerate(request.cells):
        text = cell.text
        if request.notebook:
            text, cell_notes = transform_cell(text)
            notes += [f"{cell.label}: {note}" for note in cell_notes]
        try:
            tree = ast.parse(text, cell.label) if request.notebook or banned.may_be_in(text) else None
            if tree is not None and request.notebook:
                # Several cells merged into one mean what they meant apart, though Python wants these first.
                tree.body.sort(key=lambda each: not _is_future(each))
            # Compiled here too: `return` outside a function parses, and is no Python all the same.
            code = compile(tree or text, cell.label, "exec", flags=futures, dont_inherit=True)
            parsed.append((number, tree, code))
            # As in Jupyter, a __future__ import holds for the cells that follow.
            futures |= code.co_flags & _FUTURES
        except SyntaxError as error:
            place = Place(number, error.lineno) if error.lineno else None
            failures.append((cell, Unreadable(error.msg or "invalid syntax", place)))
        except (ValueError, RecursionError, MemoryError) as error:
            failures.append((cell, Unreadable(_why(error), None)))
    if failures and not (request.notebook and parsed):
        raise failures[0][1]
    notes += [f"{cell.label} is no Python: {failure.reason}" for cell, failure in failures]
    return parsed


def _is_future(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ImportFrom) and statement.module == "__future__"


def _why(error: Exception) -> str:
    return str(error) if isinstance(error, ValueError) else "it is nested too deeply to be parsed"


class _Support(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the topic's ``support`` module, whose text came with the submission."""

    def __init__(self, text: str) -> None:
        self._text = text

    def find_spec(self, name: str, path: object = None, target: object = None) -> importlib.machinery.ModuleSpec | None:
        """The spec of ``support``; nothing else."""
        return importlib.machinery.ModuleSpec("support", self, origin="support.py") if name == "support" else None

    def exec_module(self, module: types.ModuleType) -> None:
        """Run the text."""
        exec(compile(self._text, "support.py", "exec"), module.__dict__)
