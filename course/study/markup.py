"""The material's Markdown with ``$…$`` formulae, turned into HTML with MathML, or into plain text for a terminal."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Final

from course.study.errors import MissingExtra

_CODE_OR_FORMULA: Final = re.compile(
    r"(?P<code>```.*?```|`[^`\n]*`)|\$\$(?P<block>.+?)\$\$|(?<![\w$])\$(?P<inline>[^$]+?)\$", re.DOTALL
)


def to_html(text: str) -> str:
    """HTML of ``text``: raw HTML in it is escaped, and each formula becomes MathML."""
    try:
        from latex2mathml.converter import convert
        from markdown_it import MarkdownIt
    except ModuleNotFoundError as error:
        raise MissingExtra(str(error.name).partition(".")[0]) from None
    formulae: list[str] = []

    def keep(latex: str, block: bool) -> str:
        formulae.append(convert(latex, display="block" if block else "inline"))
        # Letters only: Markdown leaves them alone, and no text of ours holds a private-use character.
        return f"\ue000{len(formulae) - 1}\ue001"

    page = str(MarkdownIt("commonmark", {"html": False}).enable("table").render(_replace(text, keep)))
    return re.sub("\ue000(\\d+)\ue001", lambda match: formulae[int(match[1])], page)


def to_terminal(text: str) -> str:
    """Markdown of ``text`` in which each formula is Unicode text."""
    try:
        from pylatexenc.latex2text import LatexNodes2Text
    except ModuleNotFoundError:
        raise MissingExtra("pylatexenc") from None
    converter = LatexNodes2Text(math_mode="text", keep_comments=True)

    def plain(latex: str, block: bool) -> str:
        # In a code span, so that Markdown takes neither * nor _ for emphasis.
        written = " ".join(str(converter.latex_to_text(_readable(latex))).split())
        return f"\n    {written}\n" if block else f"`{written}`"

    return _replace(text, plain)


def escape(text: str) -> str:
    """Text as HTML."""
    return html.escape(text)


def _replace(text: str, write: Callable[[str, bool], str]) -> str:
    def one(match: re.Match[str]) -> str:
        if match["code"] is not None:
            return match["code"]
        block = match["block"] is not None
        return write((match["block"] if block else match["inline"]).strip(), block)

    return _CODE_OR_FORMULA.sub(one, text)


def _readable(latex: str) -> str:
    """``latex`` with fractions on one line, in parentheses where a reader needs them."""
    latex = latex.replace(r"\tfrac12", "½ ")
    latex = re.sub(r"\\t?frac\{([^{}]*)\}\{([^{}]*)\}", _fraction, latex)
    latex = re.sub(r"\\(left|right|Big|big)\b", "", latex)
    return latex.replace(r"\quad", " ").replace(r"\qquad", " ")


def _fraction(match: re.Match[str]) -> str:
    above, below = match[1].strip(), match[2].strip()
    sum_above = re.search(r"[+-]", above) is not None
    single_below = re.fullmatch(r"\w(\^\w)?|\d+|\\\w+", below) is not None
    return f"{f'({above})' if sum_above else above}/{below if single_below else f'({below})'}"
