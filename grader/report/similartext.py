"""Pairs of submissions in short: plain text for a terminal, JSON for scripts."""

from __future__ import annotations

from collections.abc import Sequence

from grader.report import plain
from grader.report.results import tame_json
from grader.report.similarpage import PairShown, Searched, Side
from grader.report.text import NAME_WIDTH, aligned, count


def similar_text(searched: Searched, pairs: Sequence[PairShown]) -> str:
    """A row for each pair, best first; ends with a line break."""
    lines = [f"{plain.line(searched.topic)}: {count(searched.submissions, 'submission')} compared"]
    if not pairs:
        return f"{lines[0]}: no pair stands out\n"
    rows = [("look at", "", "shared %", "lines", "")]
    rows += [(_name(p.left), _name(p.right), plain.per_cent(p.score), str(len(p.left.marked)), "") for p in pairs]
    usual = f"a submission typically reaches {plain.per_cent(searched.usual)} % with the other student's most like it"
    return "\n".join([*lines, "", *aligned(rows, left=(1,)), "", usual]) + "\n"


def similar_json(searched: Searched, pairs: Sequence[PairShown]) -> str:
    """What was searched and each pair, with the numbers of the lines that they share; without the texts."""
    return tame_json(
        {
            "topic": searched.topic,
            "submissions": searched.submissions,
            "earlier": searched.earlier,
            "known": searched.known,
            "unread": searched.unread,
            "usual": round(searched.usual, 4),
            "pairs": [
                {"score": round(pair.score, 4), "left": _side(pair.left), "right": _side(pair.right)} for pair in pairs
            ],
        }
    )


def _name(side: Side) -> str:
    mark = {"earlier": " (earlier)", "known": " (known answer)"}.get(side.origin, "")
    return plain.line(side.name, NAME_WIDTH) + mark


def _side(side: Side) -> dict[str, object]:
    return {"name": side.name, "file": side.file, "origin": side.origin, "lines": list(side.marked)}
