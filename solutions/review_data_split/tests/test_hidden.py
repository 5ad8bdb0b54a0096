"""What must hold for every right way to draw."""

from collections import Counter

import pytest

from grader.testing import assert_equal, assert_that

PATIENTS = [f"p{i % 7}" for i in range(40)] + ["q"] * 5
LABELS = [int(i % 7 == 0) + 2 * int(i % 11 == 5) for i in range(45)]


def sides(found, size):
    """The two lists, if that is what came back."""
    right = type(found) in (tuple, list) and len(found) == 2 and all(type(side) is list for side in found)
    assert_that(right, "two lists", "something else")
    every = found[0] + found[1]
    assert_that(all(type(i) is int and 0 <= i < size for i in every), "indices of pictures", "others")
    assert_that(bool(found[0]) and bool(found[1]), "pictures on both sides", "none")
    return found


@pytest.mark.task("split")
@pytest.mark.depends("test_split_patients")
def test_split_draws(student):
    """Shares, seeds and uneven patients"""
    held = set()
    for seed in range(8):
        train, val = sides(student.split(PATIENTS, 0.4, seed), 45)
        assert_equal(sorted(train + val), list(range(45)))
        owners = {PATIENTS[i] for i in val}
        assert_equal(len(owners), 3, help="0.4 of 8 patients")
        assert_equal(sorted({PATIENTS[i] for i in train} & owners), [])
        assert_equal(student.split(PATIENTS, 0.4, seed), (train, val), help="the same seed, the same split")
        held.add(tuple(sorted(owners)))
    assert_that(len(held) > 3, "other patients for other seeds", "often the same")
    assert_equal(len({PATIENTS[i] for i in sides(student.split(PATIENTS, 0.01, 0), 45)[1]}), 1, help="at least one")


@pytest.mark.task("make_sets")
def test_sets_share_nothing(student):
    """No picture is on both sides, and none is twice in validation"""
    for seed in range(4):
        train, val = sides(student.make_sets(LABELS, PATIENTS, 0.4, seed), 45)
        assert_equal(sorted(set(train) & set(val)), [], help="when are copies made?")
        assert_equal(sorted(val), sorted(set(val)))
        assert_equal(sorted(set(train) | set(val)), list(range(45)), help="no picture is lost")


@pytest.mark.task("make_sets")
@pytest.mark.depends("test_sets_share_nothing", "test_split_patients")
def test_sets_balance(student):
    """Training is balanced evenly, by patient"""
    for seed in range(4):
        train, val = sides(student.make_sets(LABELS, PATIENTS, 0.4, seed), 45)
        assert_equal(sorted({PATIENTS[i] for i in train} & {PATIENTS[i] for i in val}), [])
        assert_equal(len({PATIENTS[i] for i in val}), 3, help="0.4 of 8 patients are for validation")
        classes = Counter(LABELS[i] for i in train)
        assert_equal(len(set(classes.values())), 1, help="each class as often as the most frequent one")
        once = Counter(LABELS[i] for i in set(train))
        assert_equal(max(classes.values()), max(once.values()), help="the most frequent class is not repeated")
        times = Counter(train)
        spread = [[times[i] for i in set(train) if LABELS[i] == label] for label in classes]
        assert_that(all(max(own) - min(own) <= 1 for own in spread), "repeated in turn", "some far more often")
