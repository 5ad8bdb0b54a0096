"""What moved between two runs, as plain text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.core.movement import CheckMove, Movement
from grader.report import plain


def movements_text(moved: Sequence[Movement]) -> str:
    """One line a student, and below it one for each check that moved; ends with a line break."""
    return "\n".join(_lines(moved)) + "\n"


def _lines(moved: Sequence[Movement]) -> Iterator[str]:
    if not moved:
        yield "nobody moves"
        return
    for each in moved:
        scores = f"{_score(each.before)} → {_score(each.after)}{_notes(each)}"
        yield f"{_signed(each.moved)}  {plain.line(each.student)}  {scores}"
        for check in each.checks:
            title = f"{check.task}: {plain.line(check.title)} ({check.id})"
            yield f"      {_signed(check.points)}  {title} {_verdicts(check)}"
    up = sum(each.moved > 0 for each in moved)
    down = sum(each.moved < 0 for each in moved)
    yield f"{up} up, {down} down, {len(moved) - up - down} with the same score and other verdicts"


def _notes(each: Movement) -> str:
    notes = []
    if (each.final_before, each.final_after) != (each.before, each.after):
        notes.append(f"final {_score(each.final_before)} → {_score(each.final_after)}")
    if each.resubmitted:
        notes.append("another submission")
    if not each.gradable:
        notes.append("not gradable")
    return f" ({', '.join(notes)})" if notes else ""


def _verdicts(check: CheckMove) -> str:
    if check.before is check.after:
        return f"{check.after or ''}: its share changed"
    return f"{check.before or 'no such check'} → {check.after or 'no such check'}"


def _signed(points: float) -> str:
    return f"{'+' if points > 0 else '−' if points < 0 else '±'}{plain.number(abs(points))}"


def _score(points: float | None) -> str:
    return "–" if points is None else plain.number(points)
