"""Python text as tokens that forget what a copyist changes first: names, comments, docstrings and layout.

It reads anything in linear time and refuses nothing: text that is no Python yields tokens, too. Nothing is run.
"""

from __future__ import annotations

import builtins
import keyword
import re
from typing import Final, NamedTuple

NAME: Final = "name"
"""What stands for an identifier that its author chose."""

STRING: Final = '""'

_SCAN: Final = re.compile(
    r"""
      (?P<comment>\#[^\n]*)
    | (?P<string>[rRbBuUfF]{0,2}(?:
          \"\"\"(?:[^"\\]|\\.|"(?!""))*+(?:\"\"\"|\Z|\\\Z)
        | '''(?:[^'\\]|\\.|'(?!''))*+(?:'''|\Z|\\\Z)
        | "(?:[^"\\\n]|\\.)*+"?
        | '(?:[^'\\\n]|\\.)*+'?
      ))
    | (?P<word>[^\W\d]\w*)
    | (?P<number>\d[\w.]*)
    | (?P<newline>\n)
    | (?P<space>[^\S\n]+|\\\n)
    | (?P<mark>\*\*=?|//=?|<<=?|>>=?|->|:=|[-+*/%@&|^<>=!]=|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_FIXED: Final = frozenset(keyword.kwlist) | frozenset(dir(builtins))


class Token(NamedTuple):
    """A token's normal form, and its line, from 1."""

    text: str
    line: int


def normal_tokens(text: str, most: int | None = None) -> list[Token]:
    """The tokens of ``text``, at most ``most`` of them.

    A chosen name is ``name``; keywords, built-in names and attributes stay, since they can't be renamed. A string is
    ``""``; one that stands alone on its line, as a docstring does, is left out.
    """
    found: list[Token] = []
    line, depth = 1, 0
    fresh = True  # nothing but space since the line began
    before = ""
    for match in _SCAN.finditer(text):
        kind, piece = match.lastgroup, match[0]
        if kind in ("newline", "space", "comment"):
            line += piece.count("\n")
            fresh = fresh or kind == "newline"
            continue
        if kind == "string" and fresh and not depth:
            line += piece.count("\n")
            continue
        if kind == "word":
            shown = piece if piece in _FIXED or before == "." else NAME
        elif kind == "string":
            shown = STRING
        elif kind == "number":
            shown = piece.lower()
        else:
            shown = piece
            depth = max(depth + (piece in "([{") - (piece in ")]}"), 0)
        found.append(Token(shown, line))
        line += piece.count("\n")
        fresh, before = False, piece
        if len(found) == most:
            break
    return found


def normal_lines(text: str) -> dict[int, str]:
    """Each line of ``text`` that holds a token, as its normal tokens with a space between them, by number."""
    found: dict[int, list[str]] = {}
    for token in normal_tokens(text):
        found.setdefault(token.line, []).append(token.text)
    return {number: " ".join(tokens) for number, tokens in found.items()}
