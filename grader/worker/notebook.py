"""IPython's syntax turned into plain Python, line for line.

Only what a notebook adds to Python is replaced, where a statement begins or a value is assigned, so that ``%`` and
``?`` inside strings, brackets and continued lines stay as they are and every other line keeps its number. Nothing is
run: a magic or a shell command becomes ``pass``, its result ``None``. The text is a student's, so each line is walked
once, no pattern can backtrack, and whatever the text is, text comes back.
"""

from __future__ import annotations

import os
import re

RUN_AS_PYTHON = frozenset({"time", "timeit", "capture", "prun"})
"""The cell magics whose body is Python that runs in the notebook."""

MAX_CELL_MAGICS = 10
"""How many cell magics may stand on top of each other; more would make removing their indentation quadratic."""

_BLANK = " \t\f"
_COMMAND = re.compile(r"[ \t\f]*+(?:!(?!=)|%(?!=)|/(?![/=])|[?,;])")
_ASSIGNED = re.compile(r"[ \t\f]*+(?:!(?!=)|%[ \t\f]*+[^\W\d])")
_MAGIC = re.compile(r"%%(\w{1,40})(?![^ \t\f])")
_HELP_ON_MAGIC = re.compile(r"%%\w+\?")
_CODE = re.compile(r"""\"""|'''|["'#()\[\]{}]|\\$|[-!<>+*/%@&|^:=]?=+""")
_STRING = {quote: re.compile(rf"\\.?|{quote}") for quote in ("'", '"', "'''", '"""')}
_HELP_BACKWARDS = re.compile(r"\?{1,2}+(?:\][0-9]++-?\[)*+([\w*]++)")
_PROMPT = re.compile(r"(?:>>>|\.\.\.)(?: |$)")
_NUMBERED_PROMPT = re.compile(r"(?:In \[\d{1,9}\]: |[ \t]*+\.{3,}: ?)")


def transform_cell(text: str) -> tuple[str, tuple[str, ...]]:
    r"""Plain Python with as many lines as ``text`` (newlines become ``\n``), and notes on what was left out."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    notes: list[str] = []
    row = _open_cell(lines, notes)
    skipped: list[int] = []
    while row < len(lines):
        row = _statement(lines, row, skipped)
    if skipped:
        more = f", nor {len(skipped) - 1} more" if len(skipped) > 1 else ""
        notes.append(f"the IPython command on line {skipped[0] + 1} was not run{more}")
    return "\n".join(lines), tuple(notes)


def _open_cell(lines: list[str], notes: list[str]) -> int:
    """Undo what surrounds a cell (indentation, prompts, cell magics); the row where its Python begins."""
    row = magics = 0
    while row < len(lines):
        if not lines[row].strip(_BLANK):
            row += 1
            continue
        _dedent(lines, row)
        _strip_prompts(lines, row)
        if not lines[row].startswith("%%") or _HELP_ON_MAGIC.match(lines[row]):
            break
        magic = _MAGIC.match(lines[row])
        magics += 1
        if magic is None or magic[1] not in RUN_AS_PYTHON or magics > MAX_CELL_MAGICS:
            notes.append(f"cell magic {magic[0] if magic else '%%'} skipped: not Python")
            lines[row:] = [""] * (len(lines) - row)
        else:
            lines[row] = ""
    return row


def _dedent(lines: list[str], first: int) -> None:
    if lines[first][0] not in " \t":
        return
    indents = [line[: len(line) - len(line.lstrip(" \t"))] for line in lines[first:] if line.strip(_BLANK)]
    margin = len(os.path.commonprefix(indents))  # noqa: RUF071  of strings, character by character
    for row in range(first, len(lines)):
        lines[row] = lines[row][margin:] if lines[row].strip(_BLANK) else ""


def _strip_prompts(lines: list[str], first: int) -> None:
    for prompt in (_PROMPT, _NUMBERED_PROMPT):
        start = prompt.match(lines[first])
        if start and start[0][0] in ">I":
            for row in range(first, len(lines)):
                lines[row] = prompt.sub("", lines[row], count=1) if prompt.match(lines[row]) else lines[row]


def _statement(lines: list[str], row: int, skipped: list[int]) -> int:
    """Walk, and if need be replace, the statement that begins in ``row``; the row after it."""
    line = lines[row]
    bare = line.strip(_BLANK)
    if not bare or bare == "\\" or bare[0] == "#":
        return row + 1
    if _COMMAND.match(line):
        skipped.append(row)
        return _replace(lines, row, len(line) - len(line.lstrip(_BLANK)), "pass")
    after, assigned, ends_in_code = _walk(lines, row)
    if assigned is not None:
        skipped.append(assigned[0])
        return _replace(lines, *assigned, "None")
    if ends_in_code and _asks_for_help(lines[after - 1]):
        skipped.append(row)
        lines[row] = line[: len(line) - len(line.lstrip(_BLANK))] + "pass"
        lines[row + 1 : after] = [""] * (after - row - 1)
    return after


def _replace(lines: list[str], row: int, column: int, python: str) -> int:
    """Put ``python`` in place of a command, which goes on while its lines end in a backslash; the row after it."""
    end = row
    while lines[end].endswith("\\") and end + 1 < len(lines):
        end += 1
    lines[row] = lines[row][:column] + python
    lines[row + 1 : end + 1] = [""] * (end - row)
    return end + 1


def _walk(lines: list[str], row: int) -> tuple[int, tuple[int, int] | None, bool]:
    """Find the end of the statement that begins in ``row``.

    Returns the row after it, the row and column of a command that is assigned in it (the walk then stops there), and
    whether its last character is code rather than a string or a comment.
    """
    depth = 0
    quote = ""
    sought = True
    while row < len(lines):
        line = lines[row]
        column = 0
        joined = False
        in_code = True
        while True:
            if quote:
                column, quote, joined = _leave_string(line, column, quote)
                if column == len(line):
                    in_code = False
                    break
            found = _CODE.search(line, column)
            if found is None:
                break
            mark, column = found[0], found.end()
            if mark[0] in "\"'":
                quote = mark
            elif mark in "([{":
                depth += 1
            elif mark in ")]}":
                depth = max(depth - 1, 0)
            elif mark in "#\\":
                joined = mark == "\\"
                in_code = False
                break
            elif mark == "=" and depth == 0 and sought:
                sought = False
                place = _skip_joins(lines, row, column)
                if _ASSIGNED.match(lines[place[0]], place[1]):
                    return row + 1, (place[0], _first_solid(lines[place[0]], place[1])), False
        row += 1
        if not (depth or quote or joined):
            return row, None, in_code
    return row, None, False


def _leave_string(line: str, column: int, quote: str) -> tuple[int, str, bool]:
    """From inside a string: the column after what the line holds of it, the quote still open, and if it is joined."""
    for found in _STRING[quote].finditer(line, column):
        if found[0] == quote:
            return found.end(), "", False
        if found[0] == "\\":
            return len(line), quote, True
    return len(line), quote if len(quote) == 3 else "", False


def _skip_joins(lines: list[str], row: int, column: int) -> tuple[int, int]:
    """The first place at or after ``column`` that is not just a backslash at the end of a line."""
    while row + 1 < len(lines) and lines[row][column:].lstrip(_BLANK) == "\\":
        row, column = row + 1, 0
    return row, column


def _first_solid(line: str, column: int) -> int:
    return len(line) - len(line[column:].lstrip(_BLANK))


def _asks_for_help(line: str) -> bool:
    """Whether the line ends as ``name?``, ``a.b??`` or ``a[0]?`` do, which no Python does."""
    target = _HELP_BACKWARDS.match(line[::-1]) if line.endswith("?") else None
    return target is not None and not target[1].isdecimal()
