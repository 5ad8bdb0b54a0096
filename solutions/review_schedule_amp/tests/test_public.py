"""What was reported: the rate within an epoch."""

import pytest

from grader.testing import assert_allclose


@pytest.mark.task("make_schedule")
def test_schedule_two_epochs(student):
    """Two epochs of two batches: the rate falls all the way"""
    expected = (0.8, 0.6828427, 0.4, 0.1171573)
    assert_allclose(student.probe.rates(0.8, 2, 2, 4), expected, help="the rate at each of the four batches")
