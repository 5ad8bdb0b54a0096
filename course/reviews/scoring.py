"""What a reviewer's findings are worth: a pure function of the key and the findings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from grader.core.review import Key, KeyBug, KeyInnocent

LINE: Final = 1
"""Points for marking a bug's line."""

KIND: Final = 1
"""Points for naming its kind as well."""

FALSE_ALARM: Final = 1
"""Points lost by marking a line where nothing is wrong, or a second kind for a bug: guessing must not pay."""


class Finding(msgspec.Struct, frozen=True, order=True):
    """A line of the released file, from 1, and what kind of bug the reviewer sees there."""

    line: int
    kind: str


class Met(msgspec.Struct, frozen=True):
    """A planted bug and the finding that counts for it; None if it was missed."""

    bug: KeyBug
    finding: Finding | None

    @property
    def named(self) -> bool:
        """Whether its kind was named, too."""
        return self.finding is not None and self.finding.kind in self.bug.kinds

    @property
    def points(self) -> int:
        """What this bug earned: 0, ``LINE``, or ``LINE + KIND``."""
        return 0 if self.finding is None else LINE + KIND * self.named


class Alarm(msgspec.Struct, frozen=True):
    """A finding that is none; ``innocent`` tells why that very line is fine, where the author saw it coming."""

    finding: Finding
    innocent: KeyInnocent | None


class Score(msgspec.Struct, frozen=True):
    """A review's outcome, bugs in the order of the file, false alarms by line."""

    met: tuple[Met, ...]
    alarms: tuple[Alarm, ...]

    @property
    def points(self) -> int:
        """Points for bugs less those for false alarms, never below 0."""
        return max(0, sum(met.points for met in self.met) - FALSE_ALARM * len(self.alarms))

    @property
    def max_points(self) -> int:
        """What a perfect review earns."""
        return (LINE + KIND) * len(self.met)


def score(key: Key, findings: Iterable[Finding]) -> Score:
    """Score findings, in any order and however often each is given.

    Several lines of one bug, marked with one kind, are one finding. With several kinds the one on the bug's earliest
    line counts (of several there, the first by name), and each other kind is a false alarm.
    """
    ordered = sorted(set(findings))
    met = []
    alarms = [finding for finding in ordered if not any(finding.line in bug.lines for bug in key.bugs)]
    for bug in key.bugs:
        own = [finding for finding in ordered if finding.line in bug.lines]
        counted = own[0] if own else None
        met.append(Met(bug, counted))
        alarms += _other_kinds(own)
    innocent = {each.line: each for each in key.innocent}
    return Score(tuple(met), tuple(Alarm(finding, innocent.get(finding.line)) for finding in sorted(alarms)))


def _other_kinds(own: Sequence[Finding]) -> list[Finding]:
    """The first finding of each kind but the first's."""
    others: dict[str, Finding] = {}
    for finding in own:
        if finding.kind != own[0].kind:
            others.setdefault(finding.kind, finding)
    return list(others.values())
