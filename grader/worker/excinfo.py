"""An exception of the submission, described without trusting it: its own ``__str__`` may raise."""

from __future__ import annotations

import builtins
import traceback
from types import TracebackType
from typing import Final

from grader.wire.messages import Place

MAX_TEXT: Final = 2000
MAX_TRACE: Final = 8000

_BUILTIN: Final = {
    kind for kind in vars(builtins).values() if isinstance(kind, type) and issubclass(kind, BaseException)
}


def describe(error: BaseException, labels: tuple[str, ...]) -> tuple[tuple[str, ...], str, Place | None, str]:
    """Built-in bases nearest first, text, place in the submission that raised, and its frames as text."""
    bases = tuple(kind.__name__ for kind in type(error).__mro__ if kind in _BUILTIN)
    try:
        text = _sendable(str(error)[:MAX_TEXT])
    except BaseException:
        text = "(its text could not be made)"
    return bases, text, place_of(error, labels), _trace(error, labels, text)


def place_of(error: BaseException, labels: tuple[str, ...]) -> Place | None:
    """The innermost line of the submission in the traceback, or None."""
    place = None
    for frame, number in _frames(error.__traceback__):
        if frame in labels:
            place = Place(labels.index(frame), number)
    return place


def _frames(trace: TracebackType | None) -> list[tuple[str, int]]:
    found = []
    while trace is not None:
        found.append((trace.tb_frame.f_code.co_filename, trace.tb_lineno))
        trace = trace.tb_next
    return found


def _trace(error: BaseException, labels: tuple[str, ...], text: str) -> str:
    """The student's own frames, then the exception: none of the grader's."""
    lines = []
    try:
        for frame in traceback.extract_tb(error.__traceback__):
            if frame.filename in labels:
                lines.append(f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}')
                if frame.line:
                    lines.append(f"    {frame.line.strip()}")
    except BaseException:
        lines.append("  (its traceback could not be read)")
    if len(lines) > 40:
        lines = [*lines[:20], "  …", *lines[-20:]]
    return _sendable("\n".join([*lines, f"{type(error).__name__}: {text}"])[:MAX_TRACE])


def _sendable(text: str) -> str:
    """``text`` with lone surrogates, which no message can hold, written as escapes."""
    return str.encode(text, "utf-8", "backslashreplace").decode()
