"""All cards, or all questions, as one Markdown or one print-ready HTML file."""

from __future__ import annotations

import base64
import itertools
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from course.content import Card, Question, figure_file, question_numbered
from course.study import markup

STYLE: Final = """
body { font: 11pt/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; color: #111;
       background: #fff; }
h1, h2 { line-height: 1.2; } h2 { margin-top: 2.5rem; break-after: avoid; }
article { break-inside: avoid; border-top: 1px solid #999; padding: .4rem 0; }
pre { background: #f2f2f2; padding: .6rem; white-space: pre-wrap; } img { max-width: 100%; }
math[display=block] { margin: .6rem 0; } .back { margin-left: 1.5rem; }
@page { margin: 18mm; }
"""


def cards_markdown(cards: Sequence[Card]) -> str:
    """The cards as Markdown, by question."""
    parts = ["# Flashcards"]
    for number, group in itertools.groupby(cards, key=lambda card: card.question):
        parts.append(f"## {number}. {question_numbered(number).title}")
        for card in group:
            front, back = card.sides()
            parts.append(f"**{front}**" if "\n" not in front else front)
            parts.append("\n".join(f"> {line}".rstrip() for line in back.splitlines()))
    return "\n\n".join(parts) + "\n"


def cards_html(cards: Sequence[Card], root: Path) -> str:
    """The cards as a self-contained page, pictures of the course in ``root`` included."""
    parts = ["<h1>Flashcards</h1>"]
    for number, group in itertools.groupby(cards, key=lambda card: card.question):
        parts.append(f"<h2>{number}. {markup.escape(question_numbered(number).title)}</h2>")
        for card in group:
            front, back = card.sides()
            picture = _picture(card.figure, root) if card.figure else ""
            parts.append(
                f"<article>{markup.to_html(front)}{picture}<div class=back>{markup.to_html(back)}</div></article>"
            )
    return _page("Flashcards", parts)


def questions_markdown(questions: Sequence[Question]) -> str:
    """The questions with answers as Markdown; formulae stay LaTeX."""
    parts = ["# Questions"]
    for question in questions:
        points = "\n".join(f"- {point}" for point in question.key_points)
        parts += [f"## {question.number}. {question.title}", question.answer, "Key points:", points]
        parts.append(f"Often believed: {question.wrong_belief} {question.truth}")
    return "\n\n".join(parts) + "\n"


def questions_html(questions: Sequence[Question], root: Path) -> str:
    """The questions with answers and pictures as a self-contained page."""
    parts = ["<h1>Questions</h1>"]
    for question in questions:
        picture = _picture(question.figure, root) if question.figure else ""
        points = "\n".join(f"- {point}" for point in question.key_points)
        belief = f"Often believed: {question.wrong_belief} {question.truth}"
        parts.append(f"<h2>{question.number}. {markup.escape(question.title)}</h2>")
        parts += [markup.to_html(question.answer), picture, markup.to_html(points), markup.to_html(belief)]
    return _page("Questions", parts)


def _picture(name: str, root: Path) -> str:
    """The figure as a data URI: pasted in, the ids of several would clash."""
    drawing = figure_file(name, root).read_bytes()
    root_element = ET.fromstring(drawing)  # noqa: S314 the course's own drawing
    named = [root_element.findtext(f"{{http://www.w3.org/2000/svg}}{part}", "") for part in ("title", "desc")]
    source = base64.b64encode(drawing).decode("ascii")
    return f'<img alt="{markup.escape(". ".join(named))}" src="data:image/svg+xml;base64,{source}">'


def _page(title: str, parts: Sequence[str]) -> str:
    head = f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
    return f"{head}<style>{STYLE}</style>\n</head>\n<body>\n" + "\n".join(parts) + "\n</body>\n</html>\n"
