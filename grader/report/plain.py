"""Text that is safe to print: what others wrote can neither steer a terminal nor reorder a line."""

from __future__ import annotations

import re
import unicodedata

LONGEST_EVIDENCE = 4_000
"""How many characters of one captured text a page repeats; the gradebook has the rest."""

# Joiners (U+200C, U+200D) are not among them: Persian and Indic names need them.
_UNSAFE = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls, so every terminal escape
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # what reorders a line
    "\u2028\u2029"  # what ends one
    "\xad\u180e\u200b\u2060-\u2065\u206a-\u206f\ufeff\ufff0-\ufffb\U000e0000-\U000e0fff"  # what can't be seen
    "\ud800-\udfff"  # what is no character
    "]"
)

_CODE = re.compile(r"(`[^`]+`)")
_MARKUP = re.compile(r"[\\*\[\]<$~`&]|\A[#>+-]|(?<=\A\d)[.)]|(?<![^\W_])_|_(?![^\W_])")
"""What Markdown takes for more than text; not an underscore within a word."""


def text(value: str) -> str:
    """``value`` with its line breaks and tabs, and U+FFFD in place of each other character that prints nothing."""
    return _UNSAFE.sub("\ufffd", value.replace("\r\n", "\n"))


def line(value: str, limit: int | None = None) -> str:
    """``value`` on one line, of at most ``limit`` characters; what is cut off is marked by an ellipsis."""
    clean = " ".join(text(value).split())
    return clean if limit is None or len(clean) <= limit else clean[: limit - 1] + "…"


def markdown(value: str) -> str:
    """``value`` on one line, so that Markdown shows it as it is; only `code` in it stays code."""
    parts = _CODE.split(line(value))
    parts[::2] = [_MARKUP.sub(r"\\\g<0>", part) for part in parts[::2]]
    return "".join(parts)


def clip(value: str, limit: int = LONGEST_EVIDENCE) -> str:
    """``value`` cleaned and cut to ``limit`` characters; its end says how many more there are."""
    clean = text(value[:limit])
    return clean if len(value) <= limit else f"{clean}\n… and {len(value) - limit} more characters"


def width(value: str) -> int:
    """How many columns ``value`` takes on a terminal."""
    if value.isascii():
        return len(value)
    return sum(
        0
        if unicodedata.category(char) in ("Mn", "Me", "Cf")
        else 2
        if unicodedata.east_asian_width(char) in "WF"
        else 1
        for char in value
    )


def cut(value: str, columns: int) -> str:
    """As much of ``value`` as fits ``columns`` of a terminal; what is cut off is marked by an ellipsis."""
    if width(value) <= columns:
        return value
    kept, room = "", columns - 1
    for char in value:
        room -= width(char)
        if room < 0:
            break
        kept += char
    return kept.rstrip() + "…"


def number(value: float) -> str:
    """Points as people write them: ``10``, ``5.5``, ``0.33``; never more than two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def per_cent(share: float) -> str:
    """A share in whole per cent, rounded down, so that only full marks read 100."""
    return str(int(share * 100 + 1e-9))
