"""What a student may read about one check: the only place that decides it.

A public check tells how it failed. A hidden one tells its verdict in words and, where the caller allows it, in what the
answer is wrong (shape, values …) or the line of the submission that raised: a line is looked up in the submitted bytes,
so it can't carry a hidden input. What a submission printed, raised or returned while it held one is never repeated.
"""

from __future__ import annotations

import builtins
import re
import tokenize
from collections.abc import Sequence
from typing import Self

import msgspec

from grader.core.failure import Stage
from grader.core.grade import CheckSpec, Outcome
from grader.core.verdict import MEANING, Verdict
from grader.report import advice, plain
from grader.report.picture import table_lines

LONGEST_LINE = 120
LONGEST_MESSAGE = 1_000
MOST_READ = 5_000
LONGEST_READ = 400
"""How many lines of a submission, and how much of each, are searched for a better name: it may be a megabyte."""

_STAGE: dict[Stage, str] = {
    "type": "it is of another type",
    "dtype": "its type is right, its dtype is not",
    "shape": "its type is right, its shape is not",
    "finite": "it holds NaN or infinity where it should not",
    "values": "its type and shape are right, its values are not",
    "unchanged": "an argument was changed",
    "raises": "the exception that is asked for was not raised",
}
"""In what an answer to hidden inputs is wrong."""

_MISSING = re.compile(r"^the submission defines no (\w+)$")
_UNCALLABLE = re.compile(r"^the submission has something that can't be called as (\w+)$")
_RAISE = re.compile(r"\braise\b.+")
_LINE_END = re.compile("\r\n|\r|\n")
_QUOTE = re.compile("""[A-Za-z]*('''|\"""|'|")""")


class Source(msgspec.Struct, frozen=True):
    """A cell of a submission: its label in tracebacks, and its lines as Python counts them."""

    label: str
    lines: tuple[str, ...]

    @classmethod
    def of(cls, label: str, text: str) -> Self:
        """The source with this text; unlike ``str.splitlines``, a form feed ends no line."""
        return cls(label, tuple(_LINE_END.split(text)))


def check_message(
    spec: CheckSpec,
    outcomes: Sequence[Outcome],
    verdict: Verdict,
    sources: Sequence[Source],
    show_line: bool,
    hint: str = "",
) -> str:
    """The student's message about check ``spec``, empty if it passed: a sentence, then lines that begin with a word.

    ``verdict`` is the check's over all cases, ``outcomes`` its cases' own. ``sources`` are the submission's cells;
    ``show_line`` allows a hidden check to name the line that raised, or in what the answer is wrong: type, dtype, shape
    or values. ``hint`` is the author's.
    """
    if verdict is Verdict.PASSED:
        return ""
    if verdict is Verdict.INTERNAL_ERROR:
        return "The grader broke on this check. That is our fault, not yours, and costs no points."
    guilty = next((outcome for outcome in outcomes if outcome.verdict is verdict), None)
    public = spec.visibility == "public"
    parts = [_what(spec, guilty, verdict)]
    if guilty is not None and guilty.failure is not None and not public and show_line:
        parts.append(_STAGE.get(guilty.failure.stage, ""))
    if guilty is not None and verdict is Verdict.RAISED and (public or show_line):
        parts.append(_raising_line(guilty, sources))
    if guilty is not None and public:
        if guilty.failure is not None and guilty.failure.table is not None:
            parts += table_lines(guilty.failure.table)
        step = _help(guilty, sources)
        parts.append(f"help: {plain.line(step, LONGEST_MESSAGE)}" if step else "")
    if hint:
        parts.append(f"hint: {plain.line(hint, LONGEST_MESSAGE)}")
    return "\n".join(part for part in parts if part)


def shown_line(source_lines: Sequence[str], number: int) -> str:
    """Line ``number`` (from 1) of a submission, with strings and comments blanked; empty if that can't be done.

    A submission may hold anything in its strings, such as a text that looks like the grader's own.
    """
    if not 1 <= number <= len(source_lines):
        return ""
    spans = _blanks(source_lines, number)
    if spans is None:
        return ""
    text = source_lines[number - 1].rstrip("\r\n")
    for start, end, blank in reversed(spans):
        text = text[:start] + blank + text[end:]
    # What a submission raises is its own words, too.
    return plain.line(_RAISE.sub("raise …", text), LONGEST_LINE)


def _what(spec: CheckSpec, guilty: Outcome | None, verdict: Verdict) -> str:
    public = spec.visibility == "public"
    if verdict is Verdict.SKIPPED:
        words = _skipped(spec, guilty)
    elif public and guilty is not None and guilty.failure is not None:
        words = plain.line(guilty.failure.sentence(), LONGEST_MESSAGE)
    elif public and guilty is not None and verdict is Verdict.RAISED:
        words = f"the code raised {_exception(guilty.reason)}"
    elif public and guilty is not None and guilty.reason:
        words = f"{MEANING[verdict]}: {plain.line(guilty.reason, LONGEST_MESSAGE)}"
    else:
        words = MEANING[verdict]
    case = guilty.case if public and guilty is not None else ""
    return f"{words} (case {plain.line(case, LONGEST_LINE)})" if case else words


def _help(guilty: Outcome, sources: Sequence[Source]) -> str:
    """The author's help, or else what to do next about a beginner's error."""
    lines = [line[:LONGEST_READ] for source in sources for line in source.lines[:MOST_READ]][:MOST_READ]
    if guilty.verdict is Verdict.RAISED:
        return advice.on_exception(guilty.reason, guilty.detail, lines)
    if guilty.verdict is Verdict.TIMED_OUT:
        return advice.on_timeout()
    if guilty.verdict is Verdict.OUT_OF_MEMORY:
        return advice.on_memory()
    if guilty.failure is not None:
        own = advice.on_failure(guilty.failure, guilty.failure.call.partition("(")[0], lines)
        # What is no array at all was no matter of the lesson's yet.
        beginners = guilty.failure.stage == "type" or guilty.failure.actual.startswith("()")
        return own or guilty.failure.help if beginners else guilty.failure.help or own
    if uncallable := _UNCALLABLE.search(guilty.reason):
        return advice.on_uncallable(uncallable[1])
    missing = _MISSING.search(guilty.reason)
    return advice.on_missing(missing[1], lines) if missing else ""


def _skipped(spec: CheckSpec, guilty: Outcome | None) -> str:
    # A check that was not run had no submission to put words into its reason: they are the session's own.
    if guilty is not None and guilty.reason:
        return f"not run: {plain.line(guilty.reason, LONGEST_MESSAGE)}"
    return f"not run: it needs {' and '.join(spec.depends)}" if spec.depends else MEANING[Verdict.SKIPPED]


def _exception(name: str) -> str:
    """``IndexError`` with its article: only built-in names are repeated, since the submission chose the others."""
    known = getattr(builtins, name, None)
    if not (isinstance(known, type) and issubclass(known, BaseException)):
        return "an exception"
    return f"an {name}" if name[0] in "AEIOU" and not name.startswith("Un") else f"a {name}"


def _raising_line(guilty: Outcome, sources: Sequence[Source]) -> str:
    if guilty.line is None or not 0 <= guilty.cell < len(sources):
        return ""
    source = sources[guilty.cell]
    if not 1 <= guilty.line <= len(source.lines):
        return ""
    # "convolution.ipynb, cell 3": the file is known, the cell is not.
    _, _, cell = source.label.partition(", ")
    place = f"{plain.line(cell, LONGEST_LINE)}, line {guilty.line}" if cell else f"line {guilty.line}"
    text = shown_line(source.lines, guilty.line)
    return f"{place}: {text}" if text else place


def _blanks(source_lines: Sequence[str], number: int) -> list[tuple[int, int, str]] | None:
    """(start, end, replacement) of each string and comment on a line; None if the text is no Python up to it."""
    spans: list[tuple[int, int, str]] = []
    depth = 0  # of f-strings, which Python 3.12 splits into tokens: blanked whole, with the expressions inside
    begin = (0, 0)
    feed = (line.rstrip("\r\n") + "\n" for line in source_lines)
    try:
        for token in tokenize.generate_tokens(lambda: next(feed, "")):
            kind = tokenize.tok_name[token.type]
            if kind == "ERRORTOKEN":
                return None
            if kind in ("FSTRING_START", "TSTRING_START"):
                begin = token.start if depth == 0 else begin
                depth += 1
            elif kind in ("FSTRING_END", "TSTRING_END"):
                depth -= 1
                if depth == 0:
                    spans += _on_line(number, begin, token.end, f"{token.string[:1]}…{token.string[:1]}")
            elif kind == "STRING" and depth == 0:
                quote = _QUOTE.match(token.string)
                mark = quote[1][:1] if quote else "'"
                spans += _on_line(number, token.start, token.end, f"{mark}…{mark}")
            elif kind == "COMMENT" and depth == 0:
                spans += _on_line(number, token.start, token.end, "# …")
            if token.start[0] > number and depth == 0:
                break
    except (tokenize.TokenError, SyntaxError, ValueError):
        return None
    return spans


def _on_line(number: int, start: tuple[int, int], end: tuple[int, int], blank: str) -> list[tuple[int, int, str]]:
    if not start[0] <= number <= end[0]:
        return []
    first = start[1] if start[0] == number else 0
    last = end[1] if end[0] == number else 1 << 30
    return [(first, last, blank)]
