"""The cards as an Anki deck. Ids are fixed, so that importing a newer deck updates notes and keeps their schedule."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from course.content import Card, figure_file
from course.study import markup
from course.study.errors import MissingExtra

if TYPE_CHECKING:
    import genanki

DECK_ID: Final = 1_786_400_126
BASIC_ID: Final = 1_786_400_127
CLOZE_ID: Final = 1_786_400_128
STYLE: Final = ".card { font: 20px sans-serif; text-align: center; } pre { text-align: left; } img { max-width: 90%; }"


def write_deck(cards: Sequence[Card], root: Path, file: Path) -> None:
    """Write ``file`` (.apkg) with a note for each card; pictures come from the course in ``root``."""
    try:
        import genanki
    except ModuleNotFoundError:
        raise MissingExtra("genanki") from None
    deck = genanki.Deck(DECK_ID, "Stride: CNNs and image classification")
    basic, cloze = _basic(), _cloze()
    for card in cards:
        deck.add_note(_note(card, cloze if card.kind == "cloze" else basic))
    with tempfile.TemporaryDirectory() as folder:
        # Anki's media folder is flat, so each picture gets a name that says where it comes from.
        media = []
        for name in sorted({card.figure for card in cards if card.figure}):
            copy = Path(folder) / _media_name(name)
            copy.write_bytes(figure_file(name, root).read_bytes())
            media.append(str(copy))
        package = genanki.Package(deck)
        package.media_files = media
        package.write_to_file(str(file))


def cloze_text(front: str) -> str:
    """A cloze card's front in Anki's notation: ``{{x}}`` becomes ``{{c1::x}}``, all gaps hidden at once."""
    return re.sub(r"\{\{(.+?)\}\}", r"{{c1::\1}}", front)


def _note(card: Card, model: Any) -> genanki.Note:
    import genanki

    picture = f'<img src="{_media_name(card.figure)}">' if card.figure else ""
    if card.kind == "cloze":
        fields = [markup.escape(cloze_text(card.front)), ""]
    else:
        front, back = (markup.to_html(side) for side in card.sides())
        fields = [front + picture, back]
    tags = [f"stride::{tag}" for tag in card.tags] + [f"stride::topic::{card.topic}", f"stride::{card.level}"]
    return genanki.Note(model=model, fields=fields, tags=tags, guid=genanki.guid_for("stride-course", card.id))


def _media_name(figure: str) -> str:
    return "stride-" + figure.replace("/", "-") + ".svg"


def _basic() -> Any:
    import genanki

    template = {"name": "Card", "qfmt": "{{Front}}", "afmt": "{{FrontSide}}<hr id=answer>{{Back}}"}
    fields = [{"name": "Front"}, {"name": "Back"}]
    return genanki.Model(BASIC_ID, "Stride", fields=fields, templates=[template], css=STYLE)


def _cloze() -> Any:
    import genanki

    template = {"name": "Cloze", "qfmt": "{{cloze:Text}}", "afmt": "{{cloze:Text}}<br>{{Extra}}"}
    fields = [{"name": "Text"}, {"name": "Extra"}]
    return genanki.Model(
        CLOZE_ID, "Stride cloze", model_type=genanki.Model.CLOZE, fields=fields, templates=[template], css=STYLE
    )
