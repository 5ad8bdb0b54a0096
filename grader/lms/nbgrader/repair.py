"""A notebook that nbgrader can hold, made from whatever was handed in and from the cells that were released.

What a student wrote is kept, word for word and in order. A cell keeps nbgrader's mark if it is the first that claims
an id that was released; locked cells get their released text back, and what stood in them follows as a cell of its
own; missing grade cells are added back. Outputs, attachments and all other metadata go: they are nobody's answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from grader.autograde.files import NotGradableError
from grader.autograde.notebook import AnyCell, read_any_cells
from grader.report import plain

NOTES = "**How this notebook was handed in**"
"""How the cell begins that says what was odd."""

LANGUAGE = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


class Released(msgspec.Struct, frozen=True, kw_only=True):
    """A cell as it was released: what nbgrader keeps of it. ``points`` is None for a cell that is not graded."""

    name: str
    kind: str
    text: str
    locked: bool
    solution: bool
    points: float | None = None
    checksum: str | None = None

    def mark(self) -> dict[str, Any]:
        """The metadata that nbgrader has for it."""
        mark: dict[str, Any] = {
            "schema_version": 3,
            "grade_id": self.name,
            "cell_type": self.kind,
            "grade": self.points is not None,
            "solution": self.solution,
            "locked": self.locked,
            "task": False,
        }
        if self.points is not None:
            mark["points"] = self.points
        return mark | ({"checksum": self.checksum} if self.checksum else {})


def repaired(data: bytes | None, released: Sequence[Released]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The notebook, nbformat 4.5 as JSON values, and a sentence for each thing that was not as released.

    ``data`` is None where there is no file that can be read.
    """
    notes: list[str] = []
    try:
        handed_in = [] if data is None else read_any_cells(data)
    except NotGradableError as problem:
        handed_in = [AnyCell("markdown", f"This file {problem}.")]
        notes.append(f"the file {problem}")
    by_name = {cell.name: cell for cell in released}
    cells: list[tuple[dict[str, Any], str]] = []
    seen: set[str] = set()
    for given in handed_in:
        model = by_name.get(given.grade_id)
        if model is None or model.name in seen:
            if model is not None:
                notes.append(f"there is a second cell {given.grade_id}: only the first counts as that")
            cells.append((_cell(given.kind, given.text), ""))
            continue
        seen.add(model.name)
        if given.kind != model.kind:
            notes.append(f"cell {model.name} was handed in as {given.kind}, not as {model.kind}")
        changed = model.locked and given.text.strip() != model.text.strip()
        text = model.text if model.locked else given.text
        cells.append((_cell(model.kind, text, model.mark()), model.name))
        if changed:
            notes.append(f"cell {model.name} is locked and was changed: what stood in it follows it")
            cells.append((_cell(given.kind, given.text), ""))
    for model in _missing(released, seen):
        notes.append(f"cell {model.name} was missing and is added back")
        cells.insert(_place(model, released, cells), (_cell(model.kind, model.text, model.mark()), model.name))
    notebook = {
        "cells": [dict(cell, id=f"cell-{number}") for number, (cell, _) in enumerate(cells)],
        "metadata": LANGUAGE,
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return notebook, tuple(notes)


def shown(notebook: dict[str, Any], outputs: Mapping[str, Sequence[dict[str, Any]]], notes: Sequence[str]) -> None:
    """Put ``outputs`` into the cells of these ids, and ``notes``, if any, into a cell above all others."""
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        if name in outputs:
            cell["outputs"] = list(outputs[name])
    if notes:
        notebook["cells"].insert(0, dict(_cell("markdown", noted("", notes)), id="notes"))


def noted(text: str, notes: Sequence[str]) -> str:
    """The text of the cell of notes with ``notes`` above those that it has, each once."""
    lines = [f"- {plain.markdown(note)}" for note in notes]
    old = [line for line in text.split("\n")[2:] if line not in lines]
    return "\n".join([NOTES, "", *lines, *old])


def untouched(notebook: dict[str, Any], released: Sequence[Released]) -> frozenset[str]:
    """The ids of solution cells that are as they were released."""
    texts = {cell.name: cell.text for cell in released if cell.solution}
    marked = ((cell["metadata"].get("nbgrader", {}).get("grade_id"), cell["source"]) for cell in notebook["cells"])
    return frozenset(name for name, text in marked if name in texts and texts[name] == text)


def _missing(released: Sequence[Released], seen: set[str]) -> list[Released]:
    return [cell for cell in released if cell.points is not None and cell.name not in seen]


def _place(model: Released, released: Sequence[Released], cells: Sequence[tuple[dict[str, Any], str]]) -> int:
    """Below the nearest cell there is of those that were released above it; else at the end."""
    names = [name for _, name in cells]
    above = [cell.name for cell in released[: released.index(model)]]
    return next((names.index(name) + 1 for name in reversed(above) if name in names), len(cells))


def _cell(kind: str, text: str, mark: dict[str, Any] | None = None) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "metadata": {"nbgrader": mark} if mark else {}, "source": text}
    return cell | {"execution_count": None, "outputs": []} if kind == "code" else cell
