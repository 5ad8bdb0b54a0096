"""A code review: a topic whose released file holds planted bugs, to be found by reading and then mended.

The author writes the mended code as the reference, and ``review.toml`` beside it says what is planted where::

    [[bugs]]
    id = "gradients-kept"
    kinds = ["gradient"]                 # the first is the best name; the others are right, too
    title = "The gradients of earlier batches are still there"
    why = "backward() adds to .grad: without zero_grad() each step follows the sum of all batches so far."
    mended = '''whole lines of the reference, there once'''
    planted = '''what stands there in the released file'''
    otherwise = '''another right mend'''  # optional
    also = ["loss.backward()"]            # optional: lines elsewhere that a careful reader might mark
    points = {train = 5}                  # what is earned while this bug alone is left

    [[innocent]]
    line = "x = x.contiguous()"           # a line of the released file, there once
    why = "Needless, but right."

Everything else is derived: the released file, the code with one bug left, another right answer, and the key.
"""

from __future__ import annotations

import base64
import zlib
from typing import Final

import msgspec

from grader.core.errors import CourseError
from grader.core.toml import parse_toml
from grader.core.topic import Topic, required_text

REVIEW_FILE: Final = "review.toml"

KEY: Final = ".key"
"""Name of the released key; packed so that no one reads it by accident, not so that no one can."""

LARGEST_KEY: Final = 1 << 20
"""Bytes that a key may unpack to."""

KINDS: Final = {
    "gradient": "what backward() sees: gradients kept, cut off, scaled wrongly",
    "mode": "training or evaluation behaviour at the wrong time",
    "state": "something shared, aliased, changed in place or left behind",
    "shape": "a wrong axis, order of axes, size or flattening",
    "order": "right steps in the wrong order",
    "loss": "what is minimised is not what is meant",
    "metric": "what is reported is not what is meant",
    "schedule": "a rate, an epoch or a step counted wrongly",
    "parameters": "weights that are not registered, not trained, or trained wrongly",
    "data": "samples that leak, are mixed up or prepared wrongly",
    "random": "draws that repeat, or agree where they should not (and the reverse)",
    "numerics": "a dtype, a range or a rounding",
}
"""The kinds of bug that a reviewer may name, and what each means."""


class Bug(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A planted bug, as ``review.toml`` has it; ``points`` are what each task earns while it alone is left."""

    id: str
    kinds: tuple[str, ...]
    title: str
    why: str
    mended: str
    planted: str
    points: dict[str, float]
    otherwise: str = ""
    also: tuple[str, ...] = ()


class Innocent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line that looks odd and is right; whoever marks it is told why."""

    line: str
    why: str


class ReviewFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``review.toml``, key by key."""

    bugs: tuple[Bug, ...]
    innocent: tuple[Innocent, ...] = ()


class KeyBug(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A bug by the lines of the released file, from 1, on which it may be marked."""

    id: str
    lines: tuple[int, ...]
    kinds: tuple[str, ...]
    title: str
    why: str


class KeyInnocent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An innocent line by its number, from 1."""

    line: int
    why: str


class Key(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The released code, what is wrong with it and what only seems so; it holds no mended line."""

    code: str
    bugs: tuple[KeyBug, ...]
    innocent: tuple[KeyInnocent, ...]


class Review:
    """A review topic's ``review.toml`` applied to its reference; CourseError if the two don't fit."""

    def __init__(self, topic: Topic) -> None:
        self._where = f"{topic.slug}/{REVIEW_FILE}"
        self.file = _read(topic, self._where)
        self._reference = required_text(topic.reference)
        # By place, so that replacing one block moves none that is still to be replaced.
        self._blocks = sorted(((self._place(bug), bug) for bug in self.file.bugs), key=lambda block: block[0])
        for (begin, bug), (after, other) in zip(self._blocks, self._blocks[1:], strict=False):
            if begin + len(bug.mended) > after:
                raise CourseError(f"{self._where}: the mended lines of {bug.id} and {other.id} overlap")

    def planted(self) -> str:
        """The released file: every bug in."""
        return self._with({bug.id: bug.planted for bug in self.file.bugs})

    def only(self, bug: Bug) -> str:
        """The reference with one bug left in."""
        return self._with({bug.id: bug.planted})

    def otherwise(self) -> str | None:
        """The reference mended in the other way wherever one is given, None if none is."""
        others = {bug.id: bug.otherwise for bug in self.file.bugs if bug.otherwise}
        return self._with(others) if others else None

    def key(self) -> Key:
        """What a student's machine needs to score findings; CourseError if a named line is not there once."""
        code = self.planted()
        lines = code.splitlines()
        bugs = []
        moved = 0
        for begin, bug in self._blocks:
            first = code.count("\n", 0, begin + moved) + 1
            moved += len(bug.planted) - len(bug.mended)
            own = {*range(first, first + bug.planted.count("\n")), *(self._line(lines, text) for text in bug.also)}
            bugs.append(KeyBug(bug.id, tuple(sorted(own)), bug.kinds, bug.title, bug.why))
        innocent = tuple(KeyInnocent(self._line(lines, each.line), each.why) for each in self.file.innocent)
        taken = [line for bug in bugs for line in bug.lines] + [each.line for each in innocent]
        for line in taken:
            if taken.count(line) > 1:
                raise CourseError(f"{self._where}: {lines[line - 1].strip()!r} can belong to one bug or innocent only")
        return Key(code, tuple(bugs), innocent)

    def _with(self, replaced: dict[str, str]) -> str:
        text = self._reference
        for begin, bug in reversed(self._blocks):
            if bug.id in replaced:
                text = text[:begin] + replaced[bug.id] + text[begin + len(bug.mended) :]
        return text

    def _place(self, bug: Bug) -> int:
        """Where the bug's mended lines begin in the reference."""
        begin = ("\n" + self._reference).find("\n" + bug.mended)
        if begin < 0 or self._reference.count(bug.mended) != 1:
            raise CourseError(f"{self._where}: the mended lines of {bug.id} must be in the reference once, as they are")
        return begin

    def _line(self, lines: list[str], text: str) -> int:
        found = [number for number, line in enumerate(lines, start=1) if line.strip() == text.strip()]
        if len(found) != 1:
            raise CourseError(f"{self._where}: {text!r} is {len(found)} lines of the released file, not one")
        return found[0]


def pack_key(key: Key) -> bytes:
    """The key as the file ``.key``, always the same bytes."""
    return base64.encodebytes(zlib.compress(msgspec.json.encode(key), 9))


def unpack_key(data: bytes, where: str) -> Key:
    """The key in a file's bytes; CourseError says that ``where`` has to be taken from the course again."""
    try:
        unpacker = zlib.decompressobj()
        raw = unpacker.decompress(base64.b64decode(data), LARGEST_KEY)
        return msgspec.json.decode(raw, type=Key)
    except (ValueError, zlib.error, msgspec.MsgspecError):
        raise CourseError(f"{where} is damaged: take it from the course you were given") from None


def _read(topic: Topic, where: str) -> ReviewFile:
    file = parse_toml(required_text(topic.path / REVIEW_FILE), ReviewFile, where)
    _refuse_nonsense(file, {task.name: task.points for task in topic.config.tasks}, where)
    return file


def _refuse_nonsense(file: ReviewFile, tasks: dict[str, float], where: str) -> None:
    names = [bug.id for bug in file.bugs]
    if not names or len(set(names)) < len(names):
        raise CourseError(f"{where}: a review needs [[bugs]], each with an id of its own")
    for bug in file.bugs:
        if unknown := [kind for kind in bug.kinds if kind not in KINDS]:
            raise CourseError(f"{where}: {bug.id} is of no kind {unknown[0]!r}; the kinds are {', '.join(KINDS)}")
        if not bug.kinds:
            raise CourseError(f"{where}: {bug.id} needs at least one of kinds")
        if not all(
            text.strip() and text.endswith("\n") for text in (bug.mended, bug.planted, bug.otherwise or "\n.\n")
        ):
            raise CourseError(
                f"{where}: {bug.id}: mended, planted and otherwise are whole lines, ended by a line break"
            )
        if set(bug.points) != set(tasks):
            raise CourseError(f"{where}: points of {bug.id} must name each task once: {', '.join(tasks)}")
        if all(bug.points[name] >= points for name, points in tasks.items()):
            raise CourseError(f"{where}: {bug.id} must cost points somewhere")
