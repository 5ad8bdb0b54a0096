"""Item analysis and outliers: laws, and planted cases that must be found."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from grader.report.items import analyse, point_biserial
from grader.report.outliers import slow, surprises

CLASSES = st.lists(st.tuples(st.booleans(), st.integers(0, 40)), min_size=2, max_size=60)


def made_class(students: int, checks: int, seed: int = 0) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
    """Abilities in [0, 1], and who passed what: the abler, the likelier; later checks are harder."""
    rng = np.random.default_rng(seed)
    ability = rng.uniform(0, 1, students)
    hard = np.linspace(0.15, 0.85, checks)
    chance = 1 / (1 + np.exp(-10 * (ability[:, None] - hard)))
    return ability, (rng.uniform(size=chance.shape) < chance).astype(np.int8)


@given(CLASSES)
def test_the_point_biserial_is_pearsons_correlation(students: list[tuple[bool, int]]) -> None:
    """Of zeros and ones with the score; it is between -1 and 1, and turns its sign with the verdicts."""
    passed = np.array([yes for yes, _ in students])
    scores = np.array([float(score) for _, score in students])
    found = point_biserial(passed, scores)
    if passed.all() or not passed.any() or len(set(scores)) == 1:
        assert found is None
        return
    assert found is not None
    assert -1 <= found <= 1
    assert math.isclose(found, np.corrcoef(passed, scores)[0, 1], abs_tol=1e-9)
    turned = point_biserial(~passed, scores)
    assert turned is not None
    assert math.isclose(-found, turned, abs_tol=1e-9)


@given(CLASSES)
def test_the_order_of_students_changes_nothing(students: list[tuple[bool, int]]) -> None:
    """An item is a fact about a class."""
    order = np.random.default_rng(len(students)).permutation(len(students))
    passed = np.array([[yes] for yes, _ in students], dtype=np.int8)
    scores = np.array([float(score) for _, score in students])
    one, other = (analyse(passed[o], passed[o] * 1.0, scores[o])[0] for o in (np.arange(len(order)), order))
    assert (one.counted, one.rate, one.best, one.lowest) == (other.counted, other.rate, other.best, other.lowest)
    assert (one.discrimination is None) == (other.discrimination is None)
    if one.discrimination is not None and other.discrimination is not None:
        assert math.isclose(one.discrimination, other.discrimination, abs_tol=1e-9)


def test_a_check_that_punishes_the_best_is_flagged_and_no_other() -> None:
    """One check of twelve asks for what only the weaker half writes."""
    ability, passed = made_class(300, 12)
    passed[:, 7] = ability < np.random.default_rng(1).uniform(0.3, 0.7, 300)
    points = passed * 2.0
    items = analyse(passed, points, points.sum(axis=1))
    assert [7] == [number for number, item in enumerate(items) if item.remark == "punishes the best"]
    bad = items[7]
    assert bad.discrimination is not None and bad.discrimination < -0.5
    assert bad.best is not None and bad.lowest is not None and bad.best < 0.2 < 0.8 < bad.lowest


@pytest.mark.parametrize("students", [24, 60, 400])
def test_a_planted_check_is_found_in_a_class_of_any_size(students: int) -> None:
    """The abler half fails what the others pass, but for one in ten of each; the rest of the suite is fair."""
    for seed in range(10):
        ability, passed = made_class(students, 12, seed)
        slip = np.random.default_rng(seed + 100).uniform(size=students) < 0.1
        passed[:, 5] = (ability < 0.5) ^ slip
        items = analyse(passed, passed * 1.0, passed.sum(axis=1) * 1.0)
        assert [5] == [number for number, item in enumerate(items) if item.remark == "punishes the best"], seed


@pytest.mark.parametrize("students", [12, 24, 60, 400])
def test_a_fair_suite_is_not_accused(students: int) -> None:
    """Of a hundred checks, harder and easier ones, none."""
    for seed in range(10):
        _, passed = made_class(students, 10, seed)
        items = analyse(passed, passed * 1.0, passed.sum(axis=1) * 1.0)
        assert [] == [item for item in items if item.remark == "punishes the best"], seed


def test_a_moderate_correlation_says_more_in_a_larger_class() -> None:
    """About -0.4: no accident in a class of 24, one in a class of twelve; -0.2 needs more than 60."""
    found = {}
    for students in (12, 24, 48, 120):
        scores = np.tile(np.arange(12.0), students // 12)
        for name, fail in (("-0.4", (4, 6, 9, 11)), ("-0.2", (2, 5, 8, 11))):
            passed = np.tile(~np.isin(np.arange(12), fail), students // 12)
            item = analyse(passed[:, None].astype(np.int8), np.zeros((students, 1)), scores)[0]
            assert item.discrimination is not None
            assert float(name) == pytest.approx(item.discrimination, abs=0.08)
            found[students, name] = item.remark == "punishes the best"
    assert {(24, "-0.4"), (48, "-0.4"), (120, "-0.4"), (120, "-0.2")} == {
        key for key, flagged in found.items() if flagged
    }


def test_guesses_are_accused_as_often_as_is_said() -> None:
    """Of a thousand checks that have nothing to do with one another, one in twenty, which is what the rule allows."""
    rng = np.random.default_rng(3)
    accused = 0
    for _ in range(100):
        passed = (rng.uniform(size=(60, 10)) < 0.6).astype(np.int8)
        items = analyse(passed, passed * 1.0, passed.sum(axis=1) * 1.0)
        accused += sum(item.remark == "punishes the best" for item in items)
    assert accused <= 70


def test_a_checks_own_points_do_not_speak_for_it() -> None:
    """One heavy check at random: with its own points left in it would correlate with the score by 0.9."""
    _, passed = made_class(400, 8)
    passed[:, 0] = np.random.default_rng(5).integers(0, 2, 400)
    points = passed * np.array([20.0] + [1.0] * 7)
    item = analyse(passed, points, points.sum(axis=1))[0]
    assert item.discrimination is not None and abs(item.discrimination) < 0.2


@pytest.mark.parametrize(("verdict", "remark"), [(0, "nobody passes"), (1, "everybody passes"), (-1, "")])
def test_a_check_that_tells_nobody_apart_is_named(verdict: int, remark: str) -> None:
    """All fail, all pass, or the grader broke on all."""
    _, passed = made_class(30, 4)
    passed[:, 2] = verdict
    points = np.maximum(passed, 0) * 1.0
    item = analyse(passed, points, points.sum(axis=1))[2]
    assert (remark, None) == (item.remark, item.discrimination)
    assert item.counted == (0 if verdict < 0 else 30)


def test_a_fault_of_ours_counts_for_nobody() -> None:
    """What has no verdict is left out of the rate."""
    passed = np.array([[1], [0], [-1], [1]], dtype=np.int8)
    item = analyse(passed, np.maximum(passed, 0) * 1.0, np.array([3.0, 2.0, 1.0, 4.0]))[0]
    assert (3, 2 / 3) == (item.counted, item.rate)


def test_a_small_class_is_accused_of_nothing() -> None:
    """Nine students say nothing for sure."""
    passed = np.array([[1]] * 4 + [[0]] * 5, dtype=np.int8)
    item = analyse(passed, passed * 0.0, np.arange(9.0))[0]
    assert item.discrimination is not None and item.discrimination < 0
    assert "" == item.remark


def test_a_score_far_from_the_usual_is_found_whichever_way() -> None:
    """A strong student's bad day, a weak one's miracle; a hard topic surprises nobody."""
    shares = np.array([[0.9, 0.9, 0.4, 0.9], [0.95, 0.1, 0.45, 0.95], [0.2, 0.15, 0.0, 0.95], [0.9, 0.8, 0.4, np.nan]])
    found = {(entry.student, entry.topic) for entry in surprises(np.vstack([shares, shares[:1].repeat(20, axis=0)]))}
    assert {(1, 1), (2, 3)} == found
    assert [] == surprises(shares[:, :2])
    assert [] == surprises(np.full((3, 4), np.nan))


def test_a_slow_run_is_slow_beside_the_class() -> None:
    """Five times the median and more than an accident."""
    assert [3, 1] == slow([0.2, 2.5, 0.3, 9.0, 0.2, 0.6])
    assert [] == slow([0.01, 0.2])
    assert [] == slow([])
