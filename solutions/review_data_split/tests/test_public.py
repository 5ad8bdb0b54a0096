"""Three patients."""

import pytest

from grader.testing import assert_equal, assert_that

PATIENTS = ["a", "b", "c"] * 4


@pytest.mark.task("split")
def test_split_patients(student):
    """A patient's pictures stay together"""
    for seed in range(5):
        found = student.split(PATIENTS, 1 / 3, seed)
        assert_that(type(found) in (tuple, list) and len(found) == 2, "two lists", "something else")
        assert_that(all(type(side) is list for side in found), "two lists", "something else")
        train, val = found
        assert_that(all(type(i) is int and 0 <= i < 12 for i in train + val), "indices of pictures", "others")
        assert_equal(sorted(train + val), list(range(12)), help="each picture once")
        owners = {PATIENTS[i] for i in val}
        assert_equal(val, [i for i in range(12) if PATIENTS[i] in owners], help="all pictures of the held-back patient")
        assert_equal(len(owners), 1)
