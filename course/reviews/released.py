"""The reviews as a student has them: released folders and their keys."""

from __future__ import annotations

from pathlib import Path

from course.reviews.scoring import Finding
from grader.core.course import open_exercise
from grader.core.errors import CourseError
from grader.core.review import KEY, KINDS, Key, unpack_key
from grader.core.topic import Topic, find_topics

PREFIX = "review_"


def all_reviews(root: Path) -> list[Topic]:
    """The released reviews of the course in ``root``, in order."""
    return find_topics(root / "exercises", kind="review")


def open_review(name: str, root: Path) -> Topic:
    """The review called ``name``, with or without ``review_``; CourseError names the ones there are."""
    known = all_reviews(root)
    for topic in known:
        if name in (topic.slug, topic.slug.removeprefix(PREFIX)):
            return open_exercise(topic.slug, root)
    names = ", ".join(topic.slug.removeprefix(PREFIX) for topic in known) or "none"
    raise CourseError(f"there is no review {name!r}; the reviews are: {names}")


def read_key(review: Topic) -> Key:
    """A released review's key; CourseError if it is gone or damaged."""
    file = review.path / KEY
    try:
        data = file.read_bytes()
    except OSError:
        raise CourseError(f"{file} can't be read: take it from the course you were given") from None
    return unpack_key(data, str(file))


def parse_finding(text: str, key: Key) -> Finding:
    """A finding written as ``12:gradient``; ValueError says in a sentence what is wrong with ``text``.

    A kind may be cut short as long as it is clear.
    """
    number, colon, kind = (part.strip() for part in text.partition(":"))
    last = len(key.code.splitlines())
    if not colon or not kind or not (number.isascii() and number.isdigit()):
        raise ValueError(f"{text.strip()!r} is no finding: write the line and the kind, such as 12:gradient")
    # Nobody's file has a line whose number takes ten digits, and Python refuses to convert very long ones.
    line = int(number[:10])
    if not 1 <= line <= last:
        raise ValueError(f"there is no line {number[:10]}: the file has lines 1 to {last}")
    fitting = [known for known in KINDS if known.startswith(kind.lower())]
    if kind.lower() in KINDS:
        fitting = [kind.lower()]
    if len(fitting) != 1:
        meant = f"may mean {' or '.join(fitting)}" if fitting else f"is none: the kinds are {', '.join(KINDS)}"
        raise ValueError(f"kind {kind!r} {meant}")
    return Finding(line, fitting[0])
