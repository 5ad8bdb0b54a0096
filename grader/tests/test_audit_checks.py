"""What the audit says of a suite's checks: which wrong answers they catch, and how near right ones come."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.audit.audit import MutantReport, TopicAudit, audit_topic
from grader.audit.checks import CheckReport, report_checks
from grader.audit.text import audit_lines, audits_json
from grader.autograde.run import grade_all
from grader.autograde.submissions import discover
from grader.core.grade import CheckGrade, Grade, Graded
from grader.core.verdict import Verdict
from grader.testing import CheckFailure, assert_allclose, assert_equal, observed
from grader.tests.classroom import Command, hand_in, toy_course
from grader.tests.toy import RIGHT, right_but

WRONG = """\
# /// answer
# mistake = "{name}"
# title = "Something is wrong"
# hint = "Look again."
# points = {{double = 10, total = 10, Counter = {points}}}
# ///
"""

NEARLY = "# /// answer\n# right = true\n# ///\n" + right_but(
    """
    def double(x):
        return (x + x) * (1 + 0.75e-7)
    """
)
"""Its error is three quarters of what the toy's relative tolerance of 1e-7 allows, and less beside its absolute one."""


def graded(verdicts: dict[str, Verdict], **used: float) -> Graded:
    """A grade of a suite of these checks."""
    checks = tuple(CheckGrade(name, "double", name, verdict, 0, 1, "hidden") for name, verdict in verdicts.items())
    return Graded(Grade("ada", "a.py", "", True, 0, 1, 0, checks=checks), tolerance_used=used)


def shares(actual: Any, expected: Any, **options: Any) -> list[float]:
    """What an observer is told of one comparison."""
    told: list[float] = []
    with observed(told.append):
        assert_allclose(actual, expected, **options)
    return told


# ---- the observer


def test_an_observer_learns_the_share_of_the_tolerance() -> None:
    """The largest of |actual - expected| / (atol + rtol * |expected|), element by element."""
    expected = np.array([1.0, 100.0, 0.0])
    assert [pytest.approx(0.5)] == shares(np.array([1.01, 100.1, 0.0]), expected, rtol=0.01, atol=0.01)
    assert [pytest.approx(0.75), pytest.approx(0.5)] == shares((1.75, 2.5), (1.0, 2.0), rtol=0.0, atol=1.0)
    assert [0.0] == shares(np.array([np.inf, np.nan]), np.array([np.inf, np.nan]), equal_nan=True)
    assert [0.0] == shares(np.zeros((0, 3)), np.zeros((0, 3)))
    assert [pytest.approx(0.5)] == shares(np.array([1j]), np.array([1.5j]), rtol=0.0, atol=1.0)


def test_where_no_error_is_allowed_there_is_nothing_to_learn() -> None:
    """Integers, and comparisons with both tolerances at 0."""
    assert [] == shares(np.array([1, 2]), np.array([1, 2]))
    assert [] == shares(np.array([1.5]), np.array([1.5]), rtol=0.0, atol=0.0)


def test_outside_the_block_nobody_is_told() -> None:
    """An observer is told of its own block only."""
    told: list[float] = []
    with observed(told.append):
        pass
    assert_allclose(1.0, 1.0)
    assert [] == told


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=4),
    st.floats(-2.0, 2.0),
    st.floats(0.0, 1.0),
    st.floats(0.0, 1.0),
)
def test_an_observer_changes_no_verdict(values: list[float], error: float, rtol: float, atol: float) -> None:
    """A comparison concludes the same with and without one, and what it is told lies between 0 and 1."""
    expected = np.array(values)

    def passes() -> bool:
        try:
            assert_allclose(expected + error, expected, rtol=rtol, atol=atol)
        except CheckFailure:
            return False
        return True

    told: list[float] = []
    alone = passes()
    with observed(told.append):
        assert_equal(passes(), alone)
    assert all(0 <= share <= 1 for share in told)
    assert alone or not told


# ---- the report


def test_a_check_catches_alone_what_passes_every_other() -> None:
    """A SKIPPED check caught nothing; what the grader broke is nobody's mistake."""
    passed, failed, skipped, broken = Verdict.PASSED, Verdict.FAILED, Verdict.SKIPPED, Verdict.INTERNAL_ERROR
    wrong = {
        "first only": graded({"a": failed, "b": skipped, "c": passed}),
        "both": graded({"a": Verdict.RAISED, "b": Verdict.TIMED_OUT, "c": passed}),
        "no fault": graded({"a": passed, "b": passed, "c": broken}),
    }
    right = {
        "reference": graded({"a": passed, "b": passed, "c": passed}, a=0.1, b=0.0),
        "loops": graded({"a": passed, "b": passed, "c": passed}, a=0.3, b=0.0),
    }
    a, b, c = report_checks(wrong, right)
    assert (("first only", "both"), ("first only",), 0.3, "loops") == (a.caught, a.alone, a.tolerance_used, a.nearest)
    assert (("both",), (), 0.0, "") == (b.caught, b.alone, b.tolerance_used, b.nearest)
    assert ((), (), None, "") == (c.caught, c.alone, c.tolerance_used, c.nearest)


def test_a_suite_without_checks_to_report() -> None:
    """A reference that can't be graded leaves nothing to say of checks, and no traceback."""
    audit = TopicAudit("toy", (), report_checks({}, {"reference": graded({})}), 0)
    assert "  tolerance: no check allows an error" in list(audit_lines(audit, verbose=True))


def test_mutants_are_in_the_json() -> None:
    """With the share that was killed; a topic whose suite misses too many is not fit."""
    (entry,) = json.loads(audits_json([(TopicAudit("toy", (), (), 0), MutantReport(9, ("a -> b",), (), ()))]))
    assert (False, 0.9, ["a -> b"]) == (entry["fit"], entry["mutants"]["share"], entry["mutants"]["survived"])
    (entry,) = json.loads(audits_json([(TopicAudit("toy", (), (), 0), None)]))
    assert entry["fit"]
    assert "mutants" not in entry


@pytest.mark.slow
def test_measuring_changes_no_grade(tmp_path: Path) -> None:
    """The same grades either way; only a session that measures says how much of the tolerance was used."""
    topic = toy_course(tmp_path)
    wrong = right_but("def double(x):\n    return x * x\n")
    found = discover(hand_in(tmp_path / "class", {"ada.py": NEARLY, "bob.py": wrong}), "toy")
    plain, measured = (
        sorted(grade_all(topic, found, "none", 1, measure=measure), key=lambda entry: entry.grade.student)
        for measure in (False, True)
    )
    for one, other in zip(plain, measured, strict=True):
        assert msgspec.structs.replace(one.grade, seconds=0) == msgspec.structs.replace(other.grade, seconds=0)
        assert {} == one.tolerance_used
    assert {"test_double_small", "test_double_table"} == set(measured[0].tolerance_used)


@pytest.mark.slow
def test_audit_reports_on_every_check(tmp_path: Path, grader: Command) -> None:
    """On the toy: what only one check catches, which check no wrong answer fails, and a right answer that is near."""
    topic = toy_course(tmp_path)
    answers = topic.path / "submissions"
    backwards = "\nclass Counter(Counter):\n    def __iter__(self):\n        return iter([2, 1, 0])\n"
    text = WRONG.format(name="backwards", points=7.5) + RIGHT + backwards
    (answers / "backwards.py").write_text(text, encoding="utf-8")
    (answers / "right_nearly.py").write_text(NEARLY, encoding="utf-8")
    ran = grader(tmp_path, "audit", "toy", "--sandbox", "none", "--format", "json", "--jobs", "1")
    assert (ran.code, ran.err) == (1, "")
    (audit,) = json.loads(ran.out)
    assert {"topic", "fit", "claims", "wrong_answers", "checks"} == set(audit)
    assert ("toy", False, 3) == (audit["topic"], audit["fit"], audit["wrong_answers"])
    checks = {check["id"]: check for check in audit["checks"]}
    assert ["empty_total"] == checks["test_total_nothing"]["alone"]
    assert ["backwards"] == checks["test_counter_iterates"]["alone"]
    assert (["squared"], []) == (checks["test_double_small"]["caught"], checks["test_double_small"]["alone"])
    assert [] == checks["test_counter_steps"]["caught"]
    assert "right_nearly" == checks["test_double_table"]["nearest"]
    assert 0.7 < checks["test_double_table"]["tolerance_used"] <= 0.75
    assert checks["test_total_large"]["tolerance_used"] is None

    reports = msgspec.convert(audit["checks"], tuple[CheckReport, ...])
    lines = list(audit_lines(TopicAudit("toy", (), reports, audit["wrong_answers"]), verbose=True))
    (line,) = [line for line in lines if line.startswith("  checks: ")]
    assert line.startswith("  checks: 10; 2 catch what no other does, 2 of 3 wrong answers; no wrong answer fails ")
    assert "test_counter_steps (hidden)" in line
    assert "test_counter_iterates" not in line
    (line,) = [line for line in lines if line.startswith("  tolerance: ")]
    assert "right_nearly): widen it, or look at that answer" in line
    (row,) = [line.split() for line in lines if line.startswith("  test_counter_iterates ")]
    assert ["test_counter_iterates", "hidden", "1", "1", "-"] == row


@pytest.mark.slow
def test_audit_tries_other_draws(tmp_path: Path) -> None:
    """A right answer must earn everything with another seed, too: a student's draws are not the reference's."""
    topic = toy_course(tmp_path)
    for name, factor in (("lucky", "2 if 0.84 < LUCK < 0.85 else 3"), ("fair", "2 + 0 * LUCK")):
        drawn = f"import random\nLUCK = random.random()\ndef double(x):\n    return ({factor}) * x\n"
        text = f"# /// answer\n# right = true\n# ///\n{right_but(drawn)}"
        (topic.path / "submissions" / f"{name}.py").write_text(text, encoding="utf-8")
    findings = {finding.claim: finding for finding in audit_topic(topic, tmp_path / "exercises", "none", 2).findings}
    assert all(findings[f"submissions/{name}.py earns 30 of 30"].holds for name in ("lucky", "fair"))
    luck = findings["right answers earn everything with other draws, too"]
    assert not luck.holds
    assert "answer lucky earns 20; first: test_double_small FAILED" in luck.mend
    assert "fair" not in luck.mend
