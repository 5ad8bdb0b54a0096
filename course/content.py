"""The study material as it lies on disk: questions (Markdown under TOML front matter) and cards (TOML)."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from grader.core.errors import CourseError
from grader.core.toml import convert_table, decode_toml, read_toml

Level = Literal["junior", "mid", "senior"]
LEVELS: Final[tuple[Level, ...]] = ("junior", "mid", "senior")
COURSE: Final = Path(__file__).resolve().parent

TAGS: Final = {
    "conv": "Convolution",
    "arithmetic": "Shapes and arithmetic",
    "pooling": "Pooling",
    "features": "Feature maps",
    "theory": "Receptive fields and symmetry",
    "systems": "Cost and speed",
    "backprop": "Backpropagation",
    "training": "Training",
    "normalisation": "Normalisation",
    "architectures": "Architectures",
    "transfer": "Transfer learning",
    "fine-tuning": "Fine-tuning",
    "augmentation": "Augmentation",
    "evaluation": "Evaluation",
}

TOPIC_TAGS: Final = {
    "conv_arithmetic": ("arithmetic", "theory"),
    "convolution": ("conv",),
    "im2col": ("systems", "conv"),
    "convolution_backward": ("backprop",),
    "conv_variants": ("conv",),
    "pooling": ("pooling",),
    "pooling_backward": ("backprop", "pooling"),
    "init_and_loss": ("training",),
    "batchnorm_dropout": ("normalisation",),
    "vgg": ("architectures",),
    "residual_block": ("architectures",),
    "resnet": ("architectures",),
    "feature_maps": ("features",),
    "augmentation": ("augmentation",),
    "mixing": ("augmentation",),
    "transfer_head": ("transfer",),
    "fine_tuning_setup": ("fine-tuning",),
    "fine_tuning_loop": ("fine-tuning", "evaluation"),
}
"""What the exercise of a topic says about a student's mastery."""


class FollowUp(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an interviewer asks next; ``after`` a weak answer it supports, after a strong one it digs."""

    after: Literal["weak", "strong"]
    ask: str
    key_points: tuple[str, ...]


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An interview question. Texts are Markdown with ``$…$`` formulae; ``figure`` is ``<topic>/<name>``.

    ``facts`` are lines ``expression = value`` that a test evaluates, one for each computed number in ``answer``;
    ``given`` says of the others (a year, the size in an example) what they are.
    """

    number: int
    title: str
    level: Level
    tags: tuple[str, ...]
    topic: str
    key_points: tuple[str, ...]
    wrong_belief: str
    truth: str
    facts: tuple[str, ...]
    follow_ups: tuple[FollowUp, ...]
    given: tuple[str, ...] = ()
    figure: str | None = None
    answer: str = ""


class Card(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A flashcard; ``id`` never changes, since a student's schedule hangs on it.

    ``kind``: basic (front and back), cloze (``front`` hides parts as ``{{…}}``, ``back`` is empty), shape (``front``
    says which code makes which shape; ``code`` computes it in a test) and picture (``figure`` is shown with the front).
    """

    id: str
    kind: Literal["basic", "cloze", "shape", "picture"]
    question: int
    topic: str
    tags: tuple[str, ...]
    level: Level
    front: str
    back: str = ""
    code: str = ""
    figure: str = ""

    def sides(self) -> tuple[str, str]:
        """What is shown first, and what is shown then."""
        if self.kind == "cloze":
            return _CLOZE.sub("[…]", self.front), _CLOZE.sub(r"**\1**", self.front)
        if self.kind == "shape":
            return f"{self.front}\n\n```python\n{self.code}\n```", self.back
        return self.front, self.back


class _Deck(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    question: int
    card: tuple[dict[str, Any], ...]


_CLOZE: Final = re.compile(r"\{\{(.+?)\}\}")
_FRONT: Final = re.compile(r"\A\+\+\+\n(.*?)\n\+\+\+\n(.*)\Z", re.DOTALL)


def read_question(file: Path) -> Question:
    """The question in ``file``; CourseError says what is wrong with it."""
    match = _FRONT.match(file.read_text(encoding="utf-8"))
    if match is None:
        raise CourseError(f"{file} does not begin with front matter between +++ lines")
    table = decode_toml(match[1], str(file))
    return convert_table({**table, "answer": match[2].strip()}, Question, str(file))


def read_deck(file: Path) -> tuple[Card, ...]:
    """The cards in ``file``, with topic, tags and level of its question; CourseError says what is wrong with it."""
    deck = read_toml(file, _Deck)
    asked = question_numbered(deck.question)
    given = {"question": asked.number, "topic": asked.topic, "tags": asked.tags, "level": asked.level}
    return tuple(convert_table({**given, **card}, Card, str(file)) for card in deck.card)


@functools.cache
def questions() -> tuple[Question, ...]:
    """All questions of the course, by number."""
    return tuple(read_question(file) for file in sorted((COURSE / "questions").glob("*.md")))


@functools.cache
def cards() -> tuple[Card, ...]:
    """All cards of the course, in the order of its questions."""
    return tuple(card for file in sorted((COURSE / "cards").glob("*.toml")) for card in read_deck(file))


def question_numbered(number: int) -> Question:
    """The question of that number; CourseError names the range there is."""
    for question in questions():
        if question.number == number:
            return question
    raise CourseError(f"there is no question {number}: choose one of 1 to {len(questions())}")


def known_tags(names: Sequence[str]) -> frozenset[str]:
    """The tags named, checked; CourseError lists the ones there are."""
    for name in names:
        if name not in TAGS:
            raise CourseError(f"there is no tag {name!r}; the tags are: {', '.join(TAGS)}")
    return frozenset(names)


def figure_file(name: str, root: Path) -> Path:
    """The released picture ``<topic>/<name>`` of the course in ``root``."""
    topic, _, figure = name.partition("/")
    return root / "exercises" / topic / "figures" / f"{figure}.svg"
