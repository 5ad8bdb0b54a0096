"""The flashcards: small, tied to a question, and right."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from course.content import Card, cards, figure_file, question_numbered, questions, read_deck
from course.figures.reference import ROOT
from course.tests.facts import check_numbers
from grader.core.errors import CourseError

each = pytest.mark.parametrize("card", cards(), ids=[card.id for card in cards()])


def test_there_are_more_than_a_hundred_of_four_kinds() -> None:
    """With ids of their own, some for each question."""
    assert len(cards()) >= 100
    assert len(cards()) == len({card.id for card in cards()})
    kinds = Counter(card.kind for card in cards())
    assert {"basic", "cloze", "shape", "picture"} == set(kinds)
    assert min(kinds.values()) >= 10
    assert min(Counter(card.question for card in cards()).values()) >= 4
    assert {question.number for question in questions()} == {card.question for card in cards()}


@each
def test_a_card_is_atomic(card: Card) -> None:
    """An id that suits a file name, two sides, few words, and what its kind needs."""
    assert re.fullmatch(r"[a-z][a-z0-9-]+", card.id)
    front, back = card.sides()
    assert front
    assert back
    assert front != back
    assert len(card.front.split()) <= 30
    assert len(card.back.split()) <= 25
    assert ("{{" in card.front) == (card.kind == "cloze")
    assert bool(card.code) == (card.kind == "shape")
    assert bool(card.figure) == (card.kind == "picture")
    assert not card.figure or figure_file(card.figure, ROOT).is_file()


@each
def test_a_cards_numbers_are_computed(card: Card) -> None:
    """A shape is what torch gives; any other number is one of the question's facts."""
    if card.kind == "shape":
        assert card.back == str(tuple(eval(card.code, {"torch": torch, "nn": nn, "F": F})))
    else:
        asked = question_numbered(card.question)
        check_numbers("\n".join(card.sides()), asked.facts, asked.given)


def test_a_cloze_hides_what_it_asks_for() -> None:
    """The front shows gaps, the back fills them in."""
    given = {"question": 1, "topic": "vgg", "tags": (), "level": "mid"}
    card = Card(id="x", kind="cloze", front="a {{b}} c {{d}}", **given)  # type: ignore[arg-type]
    assert ("a […] c […]", "a **b** c **d**") == card.sides()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("question = 99\ncard = []", "no question 99"),
        ("question = 1\n[[card]]\nid = 'x'", "kind"),
        ("question = 1\n[[card]]\nid = 'x'\nkind = 'riddle'\nfront = ''", "riddle"),
        ("card", "TOML"),
    ],
)
def test_a_broken_deck_is_refused_in_a_sentence(tmp_path: Path, text: str, says: str) -> None:
    """With the file's name where it is to blame."""
    file = tmp_path / "deck.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match=says):
        read_deck(file)
