"""An odd ``course/course.toml``: one clear sentence each, and nothing that breaks later, when lateness is computed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.errors import CourseError
from grader.core.late import Extension, LateRules, days_late, extended, lateness
from grader.core.policy import MOST_MINUTES, Policy, read_policy, strangers

ADA = Extension(student="ada", days=2)


def policy(folder: Path, text: str) -> Policy:
    """The rules in a course.toml of ``text``."""
    (folder / "course").mkdir()
    (folder / "course" / "course.toml").write_text(text, encoding="utf-8")
    return read_policy(folder)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[due]\nvgg = 2026-10-05", "due.vgg must be a date and a time with its offset from UTC"),
        ("[due]\nvgg = 23:59:00", "due.vgg must be a date and a time"),
        ("[due]\nvgg = 'Monday'", "such as 2026-10-05T23:59:00+02:00, not 'Monday'"),
        ("[due]\nvgg = '2026-10-05T23:59:00[Europe/Paris]'", "due.vgg must be a date and a time"),
        ("[due]\nvgg = '2026-10-05T23:59:00'", "due.vgg needs an offset from UTC"),
        ("[due.vgg]\nweek = 3", "due.vgg must be a date and a time"),
        ("[due]\nvgg = 9999-12-31T23:59:59Z", "due.vgg is in the year 9999"),
        ("[due]\nvgg = 0001-01-01T00:00:00+02:00", "due.vgg is in the year 1"),
        ("[due]\nvgg = 2026-02-30T10:00:00Z", "is no valid TOML: Invalid date or datetime (at line 2"),
        ("due = []", "due"),
        ("[weights]\nvgg = '2'", "weights.vgg must be a number, not '2'"),
        ("[weights]\nvgg = 1e308", "weights.vgg must be 0 or above and at most 1000000000"),
        ("[late]\ngrace_minutes = 1e300", "late.grace_minutes must be 0 or above and at most 525600"),
        ("[late]\ncap_per_cent = -5", "late.cap_per_cent must be 0 or above and at most 100, not -5.0"),
        ("[late]\ncap_per_cent = '50%'", "late.cap_per_cent"),
        ("[late]\ntokens = 1.5", "late.tokens"),
        ("[[late]]\ntokens = 1", "late"),
        ("[[extensions]]\nstudent = ' '\ndays = 2", "extensions: a student has no name"),
        ("[[extensions]]\nstudents = 'ada'\ndays = 2", "extensions 1: unknown key 'students'; did you mean 'student'?"),
        ("[extensions]\nstudent = 'ada'\ndays = 2", "extensions"),
        ("a = " + "[" * 3000 + "]" * 3000, "is no valid TOML"),
    ],
)
def test_what_makes_no_sense_is_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    """It names the key, and the topic where the key is one."""
    with pytest.raises(CourseError) as caught:
        policy(tmp_path, text)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_notepad_wrote_is_read(tmp_path: Path) -> None:
    """It begins with a mark of the byte order."""
    assert 1 == policy(tmp_path, "\ufeffdrop_lowest = 1").drop_lowest


def test_a_folder_and_bytes_that_are_no_text_are_one_sentence(tmp_path: Path) -> None:
    """Neither is taken for a course without rules."""
    file = tmp_path / "course" / "course.toml"
    file.mkdir(parents=True)
    with pytest.raises(CourseError, match="can't be read"):
        read_policy(tmp_path)
    file.rmdir()
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(CourseError, match="is no valid TOML"):
        read_policy(tmp_path)


@given(
    due=st.datetimes(datetime(1971, 1, 2), datetime(2999, 12, 30), timezones=st.timezones()),
    received=st.datetimes(datetime(1971, 1, 2), datetime(2999, 12, 30), timezones=st.timezones()),
    days=st.floats(0, 10_000),
    grace=st.floats(0, MOST_MINUTES),
    tokens=st.integers(0, 10**30),
)
def test_no_rule_that_is_accepted_breaks_later(
    due: datetime, received: datetime, days: float, grace: float, tokens: int
) -> None:
    """Whatever zones, extensions, grace and tokens the limits let through."""
    rules = LateRules(grace_minutes=grace, per_cent_a_day=100, tokens=tokens)
    found = lateness("ada", {"vgg": received}, {"vgg": due}, rules, [Extension(student="ada", days=days)])
    assert all(0 <= late.lost <= 1 and late.tokens <= late.days for late in found.values())


def test_a_day_is_24_hours_when_clocks_change(tmp_path: Path) -> None:
    """In Berlin clocks went back on 25 October 2026: a day after 23:59+02:00 is 22:59+01:00."""
    due = policy(tmp_path, "[due]\nvgg = 2026-10-24T23:59:00+02:00").due["vgg"]
    own = extended(due, "vgg", "ada", [Extension(student="ada", days=1)])
    assert own == datetime.fromisoformat("2026-10-25T22:59:00+01:00")
    assert 0 == days_late(datetime(2026, 10, 25, 21, 59, tzinfo=UTC), own, LateRules())
    assert 1 == days_late(datetime(2026, 10, 25, 22, 0, tzinfo=UTC), own, LateRules())


def test_more_time_for_nobody_is_told() -> None:
    """With the nearest name, once each, and only on the topic in question."""
    rules = Policy(extensions=(ADA, Extension(student="adaa", topic="vgg", days=1), Extension(student="zoe", days=1)))
    assert [
        "course/course.toml gives 'adaa' more time, who handed in nothing; did you mean 'ada'?",
        "course/course.toml gives 'zoe' more time, who handed in nothing",
    ] == strangers(rules, {"ada", "bob"})
    assert ["zoe"] == [line.split("'")[1] for line in strangers(rules, {"ada", "bob"}, "resnet")]
    assert [] == strangers(Policy(), {"ada"})
