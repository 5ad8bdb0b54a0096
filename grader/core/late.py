"""The late policy: pure functions from the time a submission was received to the share of its points that are lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from grader.core.judgement import Lateness

DAY = timedelta(days=1)


class LateRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[late]``: each day that begins after the deadline costs ``per_cent_a_day``, together ``cap_per_cent`` at most.

    Within ``grace_minutes`` nothing is late; after them the days count from the deadline. ``tokens`` are the late days
    that a student has for nothing in the whole course.
    """

    grace_minutes: float = 0.0
    per_cent_a_day: float = 0.0
    cap_per_cent: float = 100.0
    tokens: int = 0


class Extension(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[[extensions]]``: ``days`` more for one student, on one topic or, without ``topic``, on all."""

    student: str
    days: float
    topic: str = ""


def extended(due: datetime, topic: str, student: str, extensions: Sequence[Extension]) -> datetime:
    """``student``'s own deadline: of several extensions the longest counts."""
    days = [each.days for each in extensions if each.student == student and each.topic in ("", topic)]
    return due + DAY * max(days, default=0.0)


def days_late(received: datetime, due: datetime, rules: LateRules) -> int:
    """How many days have begun since ``due``; 0 within the grace."""
    over = received - due
    return 0 if over <= timedelta(minutes=rules.grace_minutes) else -(-over // DAY)


def lost_share(days: int, rules: LateRules) -> float:
    """The share of the points, in [0, 1], that ``days`` late days cost."""
    return min(days * rules.per_cent_a_day, rules.cap_per_cent) / 100


def lateness(
    student: str,
    received: Mapping[str, datetime],
    due: Mapping[str, datetime],
    rules: LateRules,
    extensions: Sequence[Extension] = (),
) -> dict[str, Lateness]:
    """What was late, by topic; ``received`` is when the student handed in each topic, ``due`` the common deadlines.

    Tokens pay for the earliest deadlines first. A topic that has no deadline is never late.
    """
    own = {topic: extended(due[topic], topic, student, extensions) for topic in received if topic in due}
    left = rules.tokens
    late: dict[str, Lateness] = {}
    for topic in sorted(own, key=lambda topic: (own[topic], topic)):
        days = days_late(received[topic], own[topic], rules)
        if days:
            tokens = min(left, days)
            left -= tokens
            late[topic] = Lateness(received[topic], own[topic], days, tokens, lost_share(days - tokens, rules))
    return late
