"""What a reply that is no value means: the exception that flies through the check, or refuses the submission.

What the worker says about itself (names, texts, line numbers) is bounded and never trusted.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Final

from grader.core import errors
from grader.core.failure import Failure
from grader.wire import messages as m

MAX_TEXT: Final = 2000
MAX_TRACE: Final = 8000

_EXCEPTIONS: Final = {
    name for name, kind in vars(builtins).items() if isinstance(kind, type) and issubclass(kind, BaseException)
}

ELSEWHERE: Final = "it answered with a message that does not belong here"

Rubbish = Callable[[str], errors.StudentCrashed]
"""Ends the worker that sent what no honest one sends, and gives the fault."""


class Unparsable(errors.StudentFault):
    """The submission is no Python: it is not gradable."""


def unparsable(reply: m.Unparsable, load: m.Load) -> Unparsable:
    """The submission can't be loaded, and where."""
    return Unparsable(f"{_where(reply.place, load)}: {reply.reason[:200]}", place=_pair(reply.place))


def fault_of(
    reply: m.FromWorker, load: m.Load, called: str, rubbish: Rubbish
) -> errors.StudentFault | errors.CheckFailure:
    """The exception for a reply that is no value; ``called`` names what was, where that is known."""
    if isinstance(reply, m.Raised):
        bases = tuple(name for name in reply.bases[:20] if name in _EXCEPTIONS)
        # torch reports a failed allocation as a RuntimeError.
        if "MemoryError" in bases or "can't allocate memory" in reply.text[:MAX_TEXT]:
            return errors.StudentOutOfMemory("it asked for more memory than allowed", place=_pair(reply.place))
        return errors.StudentRaised(
            bases, reply.text[:MAX_TEXT], place=_pair(reply.place), trace=reply.trace[:MAX_TRACE]
        )
    if isinstance(reply, m.Missing):
        what = "defines no" if reply.absent else "has something that can't be called as"
        return errors.StudentMissing(f"the submission {what} {called}")
    if isinstance(reply, m.Forbidden):
        ban = next((ban for ban in load.banned if ban.name == reply.name), None)
        if ban is None:
            return rubbish("it named a ban that does not exist")
        instead = f"; use {ban.instead} instead" if ban.instead else ""
        reason = f"{_where(reply.place, load)} uses {ban.name}, which this topic bans{instead}"
        return errors.StudentForbidden(reason, place=_pair(reply.place))
    if isinstance(reply, m.Unsendable):
        return errors.WrongDtype(
            Failure(stage="type", expected="an array, a number or a small container", actual="a value too big")
        )
    return rubbish(ELSEWHERE)


def _where(place: m.Place | None, load: m.Load) -> str:
    """``convolution.py, line 3``; the worker names numbers only, and they must exist."""
    cells = load.cells
    if place is None or not 0 <= place.cell < len(cells):
        return cells[0].label.partition(",")[0] if cells else "the submission"
    known = 1 <= place.line <= cells[place.cell].text.count("\n") + 1
    return f"{cells[place.cell].label}, line {place.line}" if known else cells[place.cell].label


def _pair(place: m.Place | None) -> tuple[int, int] | None:
    return (place.cell, place.line) if place is not None else None
