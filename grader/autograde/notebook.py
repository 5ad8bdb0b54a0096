"""The code cells of a notebook file, read from whatever is there.

A notebook is JSON that a student, or a student's tool, wrote: any value may have any type, or be missing. Nothing is
validated and nothing is run; what can't be read is left out with a note. IPython's syntax stays as it is, for the
worker to turn into Python.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

import msgspec

from grader.autograde.files import NotGradableError, printable
from grader.wire.messages import Cell

MAX_CODE_BYTES = 1 << 20
MAX_CODE_CELLS = 10_000
MAX_VALUES = 2_000_000
"""Each JSON value takes up to some 250 bytes once parsed; 64 MiB of ``[]`` would take gigabytes."""

_OURS = re.compile(r"\s*%(load_ext grader\.notebooks|check( \w+){1,2})\s*")
"""The cells that a released notebook checks itself with: part of no answer, and no reason for a note."""

_IMPORTS_US = re.compile(r"^[ \t]*(?:from|import)[ \t]+grader\.notebooks\b", re.MULTILINE)

_CALLS_US = re.compile(
    r"^([ \t]*)(?:(?:from|import)[ \t]+grader\.notebooks\b|(?:\w{1,60}[ \t]*[=(][ \t]*)?check\([\"']).*$", re.MULTILINE
)

_SURROGATE = re.compile("[\ud800-\udfff]")


class AnyCell(msgspec.Struct, frozen=True):
    """A cell as it was handed in: its kind, its text (empty where it can't be read) and nbgrader's id, if any."""

    kind: str
    text: str
    grade_id: str = ""


def read_any_cells(data: bytes) -> list[AnyCell]:
    """Every cell of the notebook ``data``, code or not, in any version's layout; NotGradableError if there is none.

    For those who show a notebook again: grading reads :func:`read_cells`.
    """
    found = []
    for cell in islice(_listed_cells(_parse(data)), MAX_CODE_CELLS):
        if isinstance(cell, dict):
            kind = cell.get("cell_type")
            text = _joined(cell["source"] if "source" in cell else cell.get("input")) or ""
            name = _field(cell.get("metadata"), "nbgrader", "grade_id")
            kind = kind if kind in ("code", "raw") else "markdown"
            found.append(AnyCell(kind, _SURROGATE.sub("\ufffd", text), name if isinstance(name, str) else ""))
    return found


def read_cells(data: bytes, name: str) -> tuple[tuple[Cell, ...], tuple[str, ...]]:
    """The code cells of the notebook ``data`` in order, labelled with ``name`` and their number, and notes.

    Cells are numbered from 1, code cells only. Raises NotGradableError if there is no Python in it.
    """
    notebook = _parse(data)
    notes = list(_other_language(notebook.get("metadata")))
    cells: list[Cell] = []
    size = number = unreadable = replaced = 0
    for number, source in enumerate(_code_sources(notebook), start=1):
        if number > MAX_CODE_CELLS:
            raise NotGradableError(f"holds more than {MAX_CODE_CELLS} code cells")
        if source is None:
            unreadable += 1
            continue
        text, bad = _SURROGATE.subn("\ufffd", source)
        replaced += bad > 0
        size += len(text.encode())
        if size > MAX_CODE_BYTES:
            raise NotGradableError(f"holds more than {MAX_CODE_BYTES >> 20} MiB of code")
        if text and not text.isspace() and not _OURS.fullmatch(text):
            cells.append(Cell(text, f"{name}, cell {number}"))
    if not cells:
        raise NotGradableError("holds no code cell that can be read" if unreadable else "holds no code")
    if any(_IMPORTS_US.search(cell.text) for cell in cells):
        # Else the notebook would check itself while it is being checked.
        cells = [msgspec.structs.replace(cell, text=_CALLS_US.sub(r"\1pass", cell.text)) for cell in cells]
    if unreadable:
        notes.append(f"{unreadable} code cell(s) without a readable source were left out")
    if replaced:
        notes.append(f"{replaced} code cell(s) hold half a surrogate pair, replaced by U+FFFD")
    return tuple(cells), tuple(notes)


def _parse(data: bytes) -> dict[str, Any]:
    if not data.strip():
        raise NotGradableError("is empty")
    if _count_values(data) > MAX_VALUES:
        raise NotGradableError("holds too many values to be a notebook")
    try:
        # No number is needed, and an int of a million digits would be an error.
        text = data.decode("utf-8-sig")
        found = json.loads(text, parse_int=float, strict=False)
    except RecursionError:
        raise NotGradableError("is no notebook: its JSON is nested too deeply") from None
    except UnicodeDecodeError:
        raise NotGradableError("is no notebook: it is not valid UTF-8") from None
    except json.JSONDecodeError as error:
        raise NotGradableError(f"is no notebook: its JSON breaks off or is damaged on line {error.lineno}") from None
    if not isinstance(found, dict):
        raise NotGradableError("is no notebook: its JSON is no object")
    return found


def _count_values(data: bytes) -> int:
    """At most how many JSON values ``data`` holds, found without building any."""
    bare = data.replace(b"\\\\", b"").replace(b'\\"', b"")
    if bare.count(b'"') > 2 * MAX_VALUES:
        return MAX_VALUES + 1
    outside = b"".join(bare.split(b'"')[::2])
    return sum(outside.count(mark) for mark in (b",", b"[", b"{"))


def _other_language(metadata: Any) -> Iterator[str]:
    """A note if the notebook says that it is not Python's: a kernel is soon chosen by mistake, the text decides."""
    languages = [_field(metadata, "kernelspec", "language"), _field(metadata, "language_info", "name")]
    named = [language for language in languages if isinstance(language, str) and language.strip()]
    if named and not any("python" in language.lower() for language in named):
        yield f"it says that it is written for {printable(named[0].strip())[:40]}, and was graded as Python"


def _field(value: Any, *path: str) -> Any:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _code_sources(notebook: dict[str, Any]) -> Iterator[str | None]:
    """The source of each code cell, None where it can't be read; nbformat 4, or 3 and its worksheets."""
    for cell in _listed_cells(notebook):
        if not isinstance(cell, dict) or cell.get("cell_type") != "code":
            continue
        language = cell.get("language")
        if isinstance(language, str) and language and "python" not in language.lower():
            continue
        yield _joined(cell["source"] if "source" in cell else cell.get("input"))


def _listed_cells(notebook: dict[str, Any]) -> Iterator[Any]:
    if isinstance(cells := notebook.get("cells"), list):
        yield from cells
    elif isinstance(worksheets := notebook.get("worksheets"), list):
        for sheet in worksheets:
            if isinstance(cells := _field(sheet, "cells"), list):
                yield from cells
    else:
        raise NotGradableError("is no notebook: it has no list of cells")


def _joined(source: Any) -> str | None:
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        return "".join(source)
    return source if isinstance(source, str) else None
