"""Late days, judgement, course grade and movements: pure functions, held to their laws."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.errors import CourseError
from grader.core.final import course_share, judge
from grader.core.grade import CheckGrade, Grade, TaskGrade
from grader.core.judgement import Adjustment, Judgement, Lateness
from grader.core.late import DAY, Extension, LateRules, days_late, lateness, lost_share
from grader.core.movement import movements
from grader.core.policy import Policy, read_policy
from grader.core.verdict import Verdict

DUE = datetime(2026, 10, 5, 21, 59, tzinfo=UTC)
TOPICS = ("pooling", "convolution", "vgg")

rules = st.builds(
    LateRules,
    grace_minutes=st.floats(0, 5000),
    per_cent_a_day=st.floats(0, 100),
    cap_per_cent=st.floats(0, 100),
    tokens=st.integers(0, 6),
)
moments = st.datetimes(datetime(2026, 9, 1), datetime(2026, 12, 1), timezones=st.just(UTC))
by_topic = st.dictionaries(st.sampled_from(TOPICS), moments)


def grade(student: str = "ada", score: float = 12.0, **fields: Any) -> Grade:
    """Two tasks of 10 points; the second has what the first does not need."""
    tasks = (TaskGrade("conv", min(score, 10.0), 10.0), TaskGrade("pool", max(score - 10.0, 0.0), 10.0))
    return Grade(student, "toy.py", "d1", True, score, 20.0, 0.1, tasks=tasks, **fields)


def adjustment(points: float | None, task: str = "conv", **fields: Any) -> Adjustment:
    """A decision about ada's conv."""
    fields = {"id": 1, "topic": "toy", "student": "ada", "why": "the check was unfair", "recorded": DUE, **fields}
    return Adjustment(task=task, points=points, **fields)


def judged(*adjustments: Adjustment, late: Lateness | None = None, score: float = 12.0) -> Judgement:
    """The judgement on ``grade(score=score)``."""
    found = judge(grade(score=score), adjustments, late).judgement
    assert isinstance(found, Judgement)
    return found


@pytest.mark.parametrize(
    ("minutes", "days"), [(-1, 0), (0, 0), (10, 0), (11, 1), (24 * 60, 1), (24 * 60 + 1, 2), (72 * 60, 3)]
)
def test_days_count_from_the_deadline_once_the_grace_is_over(minutes: int, days: int) -> None:
    """Ten minutes of grace; each day that has begun counts."""
    assert days == days_late(DUE + timedelta(minutes=minutes), DUE, LateRules(grace_minutes=10))


def test_a_time_zone_changes_nothing() -> None:
    """The same moment, told elsewhere."""
    elsewhere = (DUE + timedelta(hours=1)).astimezone(timezone(timedelta(hours=-8)))
    assert 1 == days_late(elsewhere, DUE, LateRules())


@given(moments, moments, rules)
def test_later_never_costs_less(one: datetime, other: datetime, late: LateRules) -> None:
    """Days and loss grow with time, and the loss is a share that never passes the cap."""
    first, second = (days_late(each, DUE, late) for each in sorted((one, other)))
    assert 0 <= first <= second
    assert 0 <= lost_share(first, late) <= lost_share(second, late) <= late.cap_per_cent / 100 <= 1


@given(by_topic, by_topic, rules)
def test_what_is_in_time_is_never_late(
    received: dict[str, datetime], due: dict[str, datetime], late: LateRules
) -> None:
    """Nor what has no deadline; all else is."""
    grace = timedelta(minutes=late.grace_minutes)
    after = {topic for topic in received if topic in due and received[topic] - due[topic] > grace}
    assert after == lateness("ada", received, due, late).keys()


@given(by_topic, by_topic, rules)
def test_tokens_are_spent_once_and_only_on_late_days(
    received: dict[str, datetime], due: dict[str, datetime], late: LateRules
) -> None:
    """All of them, if there are late days enough, the earliest deadline first."""
    found = lateness("ada", received, due, late)
    assert sum(each.tokens for each in found.values()) == min(late.tokens, sum(each.days for each in found.values()))
    in_order = sorted(found.values(), key=lambda each: each.due)
    unpaid = [each.tokens < each.days for each in in_order]
    assert unpaid == sorted(unpaid)


@given(by_topic, by_topic, rules, st.floats(0, 30))
def test_an_extension_never_costs_who_has_no_tokens(
    received: dict[str, datetime], due: dict[str, datetime], late: LateRules, days: float
) -> None:
    """Nor does it help anybody else."""
    late = msgspec.structs.replace(late, tokens=0)
    more = [Extension(student="ada", days=days), Extension(student="bob", days=99)]
    without, given_time = (lateness("ada", received, due, late, each) for each in ([], more))
    assert given_time.keys() <= without.keys()
    assert all(given_time[topic].lost <= without[topic].lost for topic in given_time)


def test_an_extension_may_be_for_one_topic() -> None:
    """Of several the longest counts."""
    received = dict.fromkeys(("convolution", "vgg"), DUE + 4 * DAY)
    due = dict.fromkeys(received, DUE)
    extensions = [Extension(student="ada", days=1), Extension(student="ada", topic="vgg", days=3)]
    found = lateness("ada", received, due, LateRules(), extensions)
    assert {"convolution": 3, "vgg": 1} == {topic: each.days for topic, each in found.items()}


def test_without_judgement_a_grade_is_what_it_was() -> None:
    """And its JSON has the contract's keys only."""
    assert judge(grade(), ()) is not None
    assert grade() == judge(grade(), ())
    assert b"judgement" not in msgspec.json.encode(judge(grade(), ()))


def test_adjustments_change_the_final_score_and_leave_the_raw_one() -> None:
    """Added to a task, or in its place, in the order they were made."""
    found = judge(grade(), [adjustment(-4.0), adjustment(7.5, task="pool", change="set"), adjustment(1.0)])
    assert (12.0, (10.0, 2.0)) == (found.score, tuple(task.points for task in found.tasks))
    assert isinstance(found.judgement, Judgement)
    assert 14.5 == found.judgement.final_score
    assert [("conv", "-4", 10, 6), ("pool", "=7.5", 2, 7.5), ("conv", "+1", 6, 7)] == [
        (change.task, change.change, change.before, change.after) for change in found.judgement.changes
    ]


def test_no_task_falls_below_nothing() -> None:
    """A large deduction takes what there is."""
    assert 2.0 == judged(adjustment(-99.0)).final_score


def test_a_comment_changes_no_points() -> None:
    """It is kept with them."""
    found = judged(adjustment(None, task="", comment="Well done"))
    assert (12.0, ("Well done",)) == (found.final_score, found.comments)


def test_an_adjustment_of_a_task_that_is_gone_is_told() -> None:
    """Its points are not counted anywhere."""
    found = judged(adjustment(5.0, task="renamed"))
    assert (12.0, ("+5 on renamed: this suite has no such task",)) == (found.final_score, found.void)


def test_lateness_is_taken_off_what_the_adjustments_left() -> None:
    """A fifth of (12 + 3)."""
    late = Lateness(DUE + 2 * DAY, DUE, 2, 0, 0.2)
    assert 12.0 == judged(adjustment(3.0), late=late).final_score


@given(st.floats(0, 20), st.floats(0, 1))
def test_lateness_never_adds_points(score: float, lost: float) -> None:
    """Nor takes more than there are."""
    final = judged(late=Lateness(DUE, DUE, 1, 0, lost), score=score).final_score
    assert 0 <= final <= score + 1e-6


shares = st.dictionaries(st.sampled_from("abcdef"), st.floats(0, 1), min_size=1)
weights = st.fixed_dictionaries({topic: st.floats(0.01, 100) for topic in "abcdef"})


@given(shares, weights, st.integers(0, 7))
def test_dropping_the_lowest_never_lowers_the_course_grade(
    each: dict[str, float], weight: dict[str, float], drop: int
) -> None:
    """And the grade lies between the lowest and the highest share."""
    grades = [course_share(each, weight, dropped) for dropped in range(drop + 1)]
    assert all(one <= other + 1e-9 for one, other in itertools.pairwise(grades))
    assert min(each.values()) - 1e-9 <= grades[-1] <= max(each.values()) + 1e-9


def test_the_course_grade_is_the_weighted_mean() -> None:
    """Without the lowest where one is dropped; a weight of 0 counts nothing."""
    each, weight = {"a": 1.0, "b": 0.5, "c": 0.0}, {"a": 1.0, "b": 3.0, "c": 1.0}
    assert pytest.approx(0.5) == course_share(each, weight)
    assert pytest.approx(0.625) == course_share(each, weight, 1)
    assert 0.0 == course_share(each, dict.fromkeys(weight, 0.0))


def check(name: str, verdict: Verdict, points: float) -> CheckGrade:
    """A check of conv, worth 5."""
    return CheckGrade(name, "conv", name.title(), verdict, points, 5.0, "hidden")


def test_movements_name_who_moves_and_through_which_check() -> None:
    """Who loses most comes first; who stays is not named."""
    one, two = check("one", Verdict.PASSED, 5.0), check("two", Verdict.PASSED, 5.0)
    before = [grade(name, 10.0, checks=(one, two)) for name in ("ada", "bob", "cyd")]
    lost = check("two", Verdict.FAILED, 0.0)
    after = [before[0], grade("bob", 5.0, checks=(one, lost)), grade("dan", 10.0, checks=(one, two))]
    moved = movements(before, after)
    assert [("cyd", 10.0, None, -10.0), ("bob", 10.0, 5.0, -5.0), ("dan", None, 10.0, 10.0)] == [
        (each.student, each.before, each.after, each.moved) for each in moved
    ]
    (through,) = moved[1].checks
    assert ("two", Verdict.PASSED, Verdict.FAILED, -5.0) == (through.id, through.before, through.after, through.points)


def test_another_verdict_with_the_same_points_is_a_movement_of_nothing() -> None:
    """A check that raised fails now."""
    before = grade(checks=(check("one", Verdict.RAISED, 0.0),))
    after = grade(checks=(check("one", Verdict.FAILED, 0.0),))
    assert [0.0] == [each.moved for each in movements([before], [after])]
    assert () == movements([before], [before])


def test_a_course_without_a_policy_has_no_rules(tmp_path: Path) -> None:
    """No deadline, no drop."""
    assert Policy() == read_policy(tmp_path)


def policy(folder: Path, text: str) -> Policy:
    """The rules in a course.toml of ``text``."""
    (folder / "course").mkdir()
    (folder / "course" / "course.toml").write_text(text, encoding="utf-8")
    return read_policy(folder)


def test_a_policy_is_read(tmp_path: Path) -> None:
    """Key by key."""
    read = policy(
        tmp_path,
        """
        drop_lowest = 1
        [late]
        grace_minutes = 15
        per_cent_a_day = 10
        cap_per_cent = 50
        tokens = 3
        [due]
        vgg = 2026-10-05T23:59:00+02:00
        [weights]
        vgg = 2
        [[extensions]]
        student = "ada"
        topic = "vgg"
        days = 2
        """,
    )
    assert 1 == read.drop_lowest
    assert LateRules(grace_minutes=15, per_cent_a_day=10, cap_per_cent=50, tokens=3) == read.late
    assert DUE == read.due["vgg"]
    assert ({"vgg": 2.0}, (Extension(student="ada", topic="vgg", days=2),)) == (read.weights, read.extensions)


def test_a_rule_for_a_topic_that_there_is_not_is_one_sentence(tmp_path: Path) -> None:
    """It names the nearest that there is."""
    (tmp_path / "solutions" / "vgg").mkdir(parents=True)
    (tmp_path / "solutions" / "vgg" / "topic.toml").touch()
    with pytest.raises(CourseError, match="due names 'vg', which is no topic; did you mean 'vgg'"):
        policy(tmp_path, "[due]\nvg = 2026-10-05T23:59:00Z")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("drop_lowst = 1", "unknown key 'drop_lowst'; did you mean 'drop_lowest'"),
        ("drop_lowest = -1", "drop_lowest must be 0 or above"),
        ("[late]\nper_cent_a_day = 101", "late.per_cent_a_day must be 0 or above and at most 100"),
        ("[late]\ngrace_minutes = nan", "late.grace_minutes must be 0 or above"),
        ("[late]\ntoken = 1", "unknown key 'token'; did you mean 'tokens'"),
        ("[due]\nvgg = 2026-10-05T23:59:00", "due.vgg needs an offset from UTC"),
        ("[due]\nvgg = 5", "due"),
        ("[weights]\nvgg = -1", "weights.vgg must be 0 or above"),
        ("[[extensions]]\nstudent = 'ada'", "days"),
        ("[[extensions]]\nstudent = 'ada'\ndays = 1e300", "at most 10000"),
        ("[late", "is no valid TOML"),
    ],
)
def test_a_policy_that_makes_no_sense_is_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    """It names the key."""
    with pytest.raises(CourseError) as caught:
        policy(tmp_path, text)
    assert sentence in str(caught.value)
