"""Looking for pairs in a class: what is compared, with what, and what is left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from grader.autograde.outputs import make_out, write_text
from grader.autograde.submissions import Submission, discover
from grader.core.answer import known_answers
from grader.core.topic import Topic
from grader.release.stub import make_stub
from grader.report.similarpage import PairShown, Searched, Side, similar_html
from grader.similarity.fingerprints import Hashes
from grader.similarity.pairs import Origin, Pair, Source, compare, given_code, tokens_of
from grader.similarity.tiles import marked_lines, tiles

LEAST: Final = 0.3
"""Below this a pair is like any two answers to the same exercise."""

_FENCE: Final = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)


class Found(msgspec.Struct, frozen=True):
    """The page, what was searched, and the pairs, best first."""

    page: Path
    searched: Searched
    pairs: tuple[PairShown, ...]


def find_similar(topic: Topic, submissions: Path, earlier: Sequence[Path], out: Path, most: int) -> Found:
    """Compare the submissions with each other, with known answers and with ``earlier`` ones; writes ``similar.html``.

    Of known answers and of earlier submissions only pairs with one of the class count. CourseError for a folder that
    holds no submission.
    """
    found = discover(submissions, topic.slug)
    before = [entry for folder in earlier for entry in discover(folder, topic.slug)]
    answers = known_answers(topic)
    reference = topic.reference.read_text(encoding="utf-8")
    sources = [_source(entry, "class") for entry in found if not entry.problem]
    sources += [_source(entry, "earlier") for entry in before if not entry.problem]
    sources.append(Source("the reference", topic.reference.name, "known", reference))
    sources += [Source(answer.name, answer.path.name, "known", answer.text) for answer in answers]
    right = [reference, *(answer.text for answer in answers if answer.header.right)]
    given = given_code(_handed_out(topic, reference), right)
    comparison = compare(sources, given, most, LEAST)
    searched = Searched(
        topic=topic.config.title,
        submissions=len(found),
        earlier=len(before),
        known=len(answers) + 1,
        unread=sum(bool(entry.problem) for entry in (*found, *before)),
        usual=comparison.usual,
    )
    pairs = tuple(_shown(sources, pair, given) for pair in comparison.pairs)
    page = write_text(make_out(out) / "similar.html", similar_html(searched, pairs))
    return Found(page, searched, pairs)


def _source(entry: Submission, origin: Origin) -> Source:
    return Source(entry.student, entry.file, origin, "\n".join(cell.text for cell in entry.cells))


def _handed_out(topic: Topic, reference: str) -> list[str]:
    """Every text that a student is given, as code."""
    lesson = topic.path / "README.md"
    examples = _FENCE.findall(lesson.read_text(encoding="utf-8")) if lesson.is_file() else []
    tests = [file.read_text(encoding="utf-8") for file in sorted(topic.tests.glob("test_public.py"))]
    return [make_stub(reference, topic.slug), topic.support or "", topic.probes or "", *examples, *tests]


def _shown(sources: Sequence[Source], pair: Pair, given: Hashes) -> PairShown:
    left, right = sources[pair.left], sources[pair.right]
    ours, theirs = tokens_of(left), tokens_of(right)
    passages = tiles(ours, theirs, given)
    return PairShown(
        score=pair.score,
        left=_side(left, marked_lines(ours, [(tile.left, tile.length) for tile in passages])),
        right=_side(right, marked_lines(theirs, [(tile.right, tile.length) for tile in passages])),
    )


def _side(source: Source, marked: dict[int, int]) -> Side:
    return Side(source.name, source.file, source.origin, source.text, marked)
