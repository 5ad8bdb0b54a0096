"""Pairs of texts that share rare code.

A fingerprint that half of the class has says nothing; one that two have says much. So each is worth the logarithm of
how few texts have it, as a word is in text retrieval, and a pair scores what its shared fingerprints are worth, as a
share of what the poorer text of the two has to show. Texts that hold little beyond what was given score low, however
equal they are: a few fingerprints' worth is added to what must be shared.

Known answers come in families, variants of one text, so they don't say what is common: only students' texts count
there. A student is shown beside the nearest known answer, after all pairs of students.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from typing import Final, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from grader.core.lexer import Token, normal_tokens
from grader.similarity.fingerprints import Hashes, grams, winnow

Origin = Literal["class", "earlier", "known"]

MOST_TOKENS: Final = 20_000
"""Of one text; an exercise has hundreds."""

PRIOR: Final = 6.0
"""How many fingerprints that only two texts have are added to what must be shared."""

COMMON: Final = 0.2
"""A fingerprint that so large a share of the students' texts has, and more than a handful, is left out."""

HANDFUL: Final = 8


class Source(msgspec.Struct, frozen=True):
    """A text to compare: a student's of this class, one of an earlier year, or a known answer."""

    name: str
    file: str
    origin: Origin
    text: str


class Pair(msgspec.Struct, frozen=True):
    """Two sources, by number, and in [0, 1] how much rare code they share."""

    left: int
    right: int
    score: float


class Comparison(msgspec.Struct, frozen=True):
    """The pairs that share most, best first, those with known answers last.

    ``usual`` is the middle of what each text of the class shares with another student's at most.
    """

    pairs: tuple[Pair, ...]
    usual: float


def given_code(given: Iterable[str], right: Sequence[str]) -> Hashes:
    """What proves nothing: code that was handed out, and idioms that two right answers or more have in common."""
    handed_out = [grams(normal_tokens(text)) for text in given]
    found, counts = np.unique(
        np.concatenate([_none(), *(np.unique(grams(normal_tokens(text))) for text in right)]), return_counts=True
    )
    return np.unique(np.concatenate([*handed_out, found[counts > 1]]))


def tokens_of(source: Source) -> list[Token]:
    """The tokens that are compared."""
    return normal_tokens(source.text, MOST_TOKENS)


def compare(sources: Sequence[Source], given: Hashes, most: int, least: float) -> Comparison:
    """The ``most`` pairs of at least ``least`` that share most; one of each pair at least is of the class.

    With known answers there is a pair for each text of the class, and only where the students' leave room.
    """
    prints = [np.setdiff1d(winnow(grams(tokens_of(source))), given, assume_unique=True) for source in sources]
    students = np.array([source.origin != "known" for source in sources], dtype=bool)
    values, weights, postings = _index(prints, students)
    worth = [float(weights[np.searchsorted(values, own)].sum()) for own in prints]
    # What two students have is worth this; one alone can share with known answers only.
    prior = PRIOR * max(float(np.log((1 + students.sum()) / 2)), float(np.log(1.5)))
    best: list[tuple[bool, float, int, int]] = []
    highest = []
    for left, own in enumerate(prints):
        if sources[left].origin != "class":
            continue
        shared = _shared(own, values, weights, postings, len(sources))
        scores = shared / (np.minimum(worth, worth[left]) + prior)
        scores[left] = 0.0
        highest.append(float(scores[students].max(initial=0.0)))
        nearest = int(np.argmax(np.where(students, -1.0, scores)))
        for right in np.flatnonzero((scores >= least) & (students | (np.arange(len(sources)) == nearest))).tolist():
            # Two of the class meet twice.
            if sources[right].origin != "class" or left < right:
                entry = (bool(students[right]), float(scores[right]), -left, -right)
                (heapq.heappush if len(best) < most else heapq.heappushpop)(best, entry)
    return Comparison(
        tuple(Pair(-left, -right, min(score, 1.0)) for _, score, left, right in sorted(best, reverse=True)),
        float(np.median(highest)) if highest else 0.0,
    )


def _index(
    prints: Sequence[Hashes], students: NDArray[np.bool_]
) -> tuple[Hashes, NDArray[np.float64], list[NDArray[np.intp]]]:
    """Every fingerprint in order, what each is worth by how few ``students`` have it, and the texts that have it."""
    if not prints:
        return _none(), np.empty(0), []
    everything = np.concatenate(list(prints))
    owners = np.repeat(np.arange(len(prints)), [len(own) for own in prints])
    order = np.argsort(everything, kind="stable")
    values, starts = np.unique(everything[order], return_index=True)
    if not len(values):
        return values, np.empty(0), []
    counts = np.add.reduceat(students[owners[order]].astype(np.intp), starts)
    total = int(students.sum())
    weights = np.log((1 + total) / np.maximum(counts, 1))
    weights[counts > max(COMMON * total, HANDFUL)] = 0.0
    return values, weights, np.split(owners[order], starts[1:])


def _shared(
    own: Hashes, values: Hashes, weights: NDArray[np.float64], postings: Sequence[NDArray[np.intp]], texts: int
) -> NDArray[np.float64]:
    """What each text shares with the one whose fingerprints are ``own``, (texts,)."""
    places = [place for place in np.searchsorted(values, own).tolist() if weights[place] and len(postings[place]) > 1]
    if not places:
        return np.zeros(texts)
    others = np.concatenate([postings[place] for place in places])
    worth = np.repeat(weights[places], [len(postings[place]) for place in places])
    return np.bincount(others, worth, minlength=texts).astype(np.float64)


def _none() -> Hashes:
    return np.empty(0, dtype=np.uint64)
