"""Exports: Anki's own package opens the deck, the pages are whole, and every formula becomes MathML."""

from __future__ import annotations

import json
import re
import sqlite3
import sys
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from course.content import cards, questions
from course.figures.reference import ROOT
from course.study import anki, export, markup
from course.study.errors import MissingExtra

MATH = "{http://www.w3.org/1998/Math/MathML}"
FORMULA = re.compile(r"```.*?```|\$\$(.+?)\$\$|\$([^$]+?)\$", re.DOTALL)
formulae = sorted(
    {
        (block or inline).strip()
        for question in questions()
        for block, inline in FORMULA.findall(question.answer)
        if block or inline
    }
)


@pytest.fixture(scope="module")
def deck(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All cards as an .apkg."""
    file = tmp_path_factory.mktemp("anki") / "stride.apkg"
    anki.write_deck(cards(), ROOT, file)
    return file


def test_there_are_formulae() -> None:
    """Otherwise the next test would say nothing."""
    assert len(formulae) > 60


@pytest.mark.parametrize("latex", formulae)
def test_a_formula_becomes_mathml(latex: str) -> None:
    """Well-formed, with no command left over; and text for a terminal without backslashes and braces."""
    page = markup.to_html(f"Before ${latex}$ after.")
    math = ET.fromstring(page).find(f"{MATH}math")
    assert math is not None
    assert "\\" not in "".join(math.itertext())
    assert not re.search(r"[\\{}$]", markup.to_terminal(f"Before ${latex}$ after."))


def test_code_and_money_are_no_formulae() -> None:
    """A dollar sign in code stays; raw HTML is text."""
    text = "`$x$` and <script>alert(1)</script>\n\n```python\nprint('$a$')\n```"
    assert text == markup.to_terminal(text)
    page = markup.to_html(text)
    assert "<math" not in page
    assert "<script" not in page
    assert "$a$" in page


def test_ankis_own_package_imports_the_deck(deck: Path, tmp_path: Path) -> None:
    """Every note, every picture; a second import changes nothing."""
    collections = pytest.importorskip("anki.collection", reason="the package anki is not installed")
    collection: Any = collections.Collection(str(tmp_path / "collection.anki2"))
    try:
        for _ in range(2):
            request = collections.ImportAnkiPackageRequest(package_path=str(deck))
            collection.import_anki_package(request)
            assert len(cards()) == collection.note_count()
        pictures = {card.figure for card in cards() if card.figure}
        assert len(pictures) == len(list(Path(collection.media.dir()).glob("stride-*.svg")))
        note = collection.get_note(collection.find_notes("tag:stride::conv cross-correlation")[0])
        (card,) = note.cards()
        assert "[...]" in card.question()
        assert "cross-correlation" in card.answer()
        assert [] == collection.find_notes("-tag:stride::*")
    finally:
        collection.close()


def test_the_deck_has_ankis_schema(deck: Path, tmp_path: Path) -> None:
    """Without Anki: the tables it reads, a card for each note, and media that are named as the notes name them."""
    with zipfile.ZipFile(deck) as archive:
        archive.extract("collection.anki2", tmp_path)
        media = set(json.loads(archive.read("media")).values())
    db = sqlite3.connect(tmp_path / "collection.anki2")
    tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert {"cards", "col", "graves", "notes", "revlog"} <= tables
    assert (len(cards()),) == db.execute("SELECT count(*) FROM cards").fetchone()
    fields = [text for (text,) in db.execute("SELECT flds FROM notes")]
    guids = {guid for (guid,) in db.execute("SELECT guid FROM notes")}
    db.close()
    assert len(cards()) == len(fields) == len(guids)
    assert media == {name for text in fields for name in re.findall(r'<img src="([^"]+)">', text)}


def test_a_cloze_is_written_as_anki_writes_it() -> None:
    """All gaps of a card are hidden together."""
    assert "a {{c1::b}} c {{c1::d}}" == anki.cloze_text("a {{b}} c {{d}}")


def test_the_pages_hold_everything() -> None:
    """Each card and each question, in one file that loads nothing from elsewhere."""
    page = export.cards_html(cards(), ROOT)
    assert len(cards()) == page.count("<article>")
    text = export.cards_markdown(cards())
    assert all(card.sides()[1].splitlines()[0] in text for card in cards())
    answers = export.questions_html(questions(), ROOT)
    assert len(questions()) == answers.count("<h2>")
    assert answers.count("<math") >= len(formulae)
    for whole in (page, answers):
        assert whole.startswith("<!doctype html>")
        assert "<script" not in whole
        assert [] == re.findall(r' id="', whole)
        assert 10 <= whole.count('<img alt="') == whole.count("data:image/svg+xml")
        assert [] == re.findall(r'(?:src|href)="(?!data:)', whole)
    assert all(
        f"## {question.number}. {question.title}" in export.questions_markdown(questions()) for question in questions()
    )


@pytest.mark.parametrize("library", ["genanki", "latex2mathml.converter", "pylatexenc.latex2text"])
def test_a_missing_library_is_named(library: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With the command that installs it."""
    monkeypatch.setitem(sys.modules, library, None)
    calls: dict[str, Callable[[], object]] = {
        "genanki": lambda: anki.write_deck(cards(), ROOT, tmp_path / "x.apkg"),
        "latex2mathml.converter": lambda: markup.to_html("x"),
        "pylatexenc.latex2text": lambda: markup.to_terminal("x"),
    }
    with pytest.raises(MissingExtra, match=rf"{library.partition('.')[0]}.*pip install"):
        calls[library]()
