"""Which submissions need not be graded again: those graded before, by this suite or by one whose edit missed them."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from grader.autograde.submissions import Submission
from grader.core.digest import suite_digest
from grader.core.grade import Graded
from grader.core.suite_parts import SuiteParts, suite_parts, untouched
from grader.core.topic import Topic
from grader.gradebook import Gradebook, Suite


def suite_of(topic: Topic) -> Suite:
    """``topic``'s suite as a run remembers it."""
    return Suite(suite_digest(topic), msgspec.json.encode(suite_parts(topic)))


def reusable(
    book: Gradebook, topic: str, own: Suite, engine: str, level: str, wanted: Sequence[Submission]
) -> dict[Suite, list[Graded]]:
    """Earlier grades of the same bytes that suite ``own`` would give again, by the suite that gave them.

    A submission's latest grade by ``own`` itself goes first, then those by other suites, the latest first.
    """
    new = msgspec.json.decode(own.parts or b"", type=SuiteParts)
    suites = book.suites(topic, engine, level)
    found: dict[Suite, list[Graded]] = {}
    missing = {submission.student: submission for submission in wanted}
    for suite in sorted(suites, key=lambda suite: suite != own):
        old = _parts(suite, new, own)
        if old is None or not missing or (old.shared != new.shared and old.loading != new.loading):
            continue
        known = book.known(topic, suite.digest, engine, level, suite.parts)
        for submission in list(missing.values()):
            before = known.get((submission.student, submission.digest))
            if before is not None and untouched(before.grade, old, new):
                del missing[submission.student]
                grade = msgspec.structs.replace(before.grade, file=submission.file)
                found.setdefault(suite, []).append(msgspec.structs.replace(before, grade=grade))
    return found


def _parts(suite: Suite, new: SuiteParts, own: Suite) -> SuiteParts | None:
    """The parts of an earlier suite; of one that an earlier release graded with, only that it is the very same."""
    if suite.parts is None:
        return new if suite.digest == own.digest else None
    try:
        return msgspec.json.decode(suite.parts, type=SuiteParts)
    except msgspec.DecodeError:
        return None  # another release's idea of parts
