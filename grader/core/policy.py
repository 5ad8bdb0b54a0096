"""The course's rules, ``course/course.toml``: deadlines, what lateness costs, weights; no file means no rules."""

from __future__ import annotations

import difflib
import math
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from grader.core.errors import CourseError
from grader.core.late import Extension, LateRules
from grader.core.toml import convert_table, read_table

POLICY_FILE = "course/course.toml"

MOST_MINUTES = 525_600.0
MOST_WEIGHT = 1e9


class Policy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``course.toml``, key by key; ``due`` and ``weights`` by topic. A topic without a weight weighs its points."""

    drop_lowest: int = 0
    late: LateRules = LateRules()
    due: dict[str, datetime] = {}
    weights: dict[str, float] = {}
    extensions: tuple[Extension, ...] = ()


def read_policy(root: Path) -> Policy:
    """The rules of the course in folder ``root``; CourseError says what is wrong with them."""
    file = root / POLICY_FILE
    try:
        table = read_table(file)
    except (FileNotFoundError, NotADirectoryError):
        return Policy()
    _refuse_wrong_entries(table, file)
    policy = convert_table(table, Policy, str(file))
    _refuse_nonsense(policy, file)
    _refuse_unknown_topics(policy, file, {path.parent.name for path in root.glob("solutions/*/topic.toml")})
    return policy


def strangers(policy: Policy, students: Collection[str], topic: str = "") -> list[str]:
    """A sentence for each extension, on ``topic`` if one is given, of a student who is none of ``students``."""
    named = dict.fromkeys(each.student for each in policy.extensions if not topic or each.topic in ("", topic))
    found = []
    for name in named:
        if name not in students:
            close = difflib.get_close_matches(name.strip(), students, n=1)
            right = f"; did you mean {close[0]!r}?" if close else ""
            found.append(f"{POLICY_FILE} gives {name!r} more time, who handed in nothing{right}")
    return found


def _refuse_wrong_entries(raw: dict[str, Any], file: Path) -> None:
    """What a reader of the whole would tell without the topic's name."""
    tables: tuple[tuple[str, type, str], ...] = (
        ("due", datetime, "a date and a time with its offset from UTC, such as 2026-10-05T23:59:00+02:00"),
        ("weights", float, "a number"),
    )
    for name, type_, words in tables:
        table = raw.get(name)
        for topic, value in table.items() if isinstance(table, dict) else ():
            try:
                msgspec.convert(value, type_)
            except msgspec.ValidationError:
                shown = "a table or a list" if isinstance(value, dict | list) else repr(str(value))
                raise CourseError(f"{file}: {name}.{topic} must be {words}, not {shown}") from None


def _refuse_nonsense(policy: Policy, file: Path) -> None:
    for topic, due in policy.due.items():
        if due.tzinfo is None:
            raise CourseError(f"{file}: due.{topic} needs an offset from UTC, such as {due.isoformat()}+02:00")
        # A year that is mistyped; and time can be added to what is left.
        if not 1970 < due.year < 3000:
            raise CourseError(f"{file}: due.{topic} is in the year {due.year}: write one from 1971 to 2999")
    if any(not each.student.strip() for each in policy.extensions):
        raise CourseError(f"{file}: extensions: a student has no name")
    late = policy.late
    for name, value, most in (
        ("drop_lowest", policy.drop_lowest, math.inf),
        ("late.grace_minutes", late.grace_minutes, MOST_MINUTES),
        ("late.per_cent_a_day", late.per_cent_a_day, 100.0),
        ("late.cap_per_cent", late.cap_per_cent, 100.0),
        ("late.tokens", late.tokens, math.inf),
        *((f"weights.{topic}", weight, MOST_WEIGHT) for topic, weight in policy.weights.items()),
        *((f"extensions: days of {each.student}", each.days, 10_000.0) for each in policy.extensions),
    ):
        if not 0 <= value <= most or not math.isfinite(value):
            limit = f" and at most {most:.0f}" if math.isfinite(most) else ""
            raise CourseError(f"{file}: {name} must be 0 or above{limit}, not {value}")


def _refuse_unknown_topics(policy: Policy, file: Path, topics: set[str]) -> None:
    """A deadline of no topic would bind nobody; where there are no topics at all, nothing is known."""
    named = [("due", topic) for topic in policy.due] + [("weights", topic) for topic in policy.weights]
    named += [("extensions", each.topic) for each in policy.extensions if each.topic]
    for where, topic in named:
        if topics and topic not in topics:
            close = difflib.get_close_matches(topic, topics, n=1)
            right = f"did you mean {close[0]!r}?" if close else f"the topics are {', '.join(sorted(topics))}"
            raise CourseError(f"{file}: {where} names {topic!r}, which is no topic; {right}")
