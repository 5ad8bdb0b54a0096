"""What was reported: the rate within an epoch."""

import pytest

from grader.testing import assert_allclose

RATES = [
    (2, 2, (0.8, 0.6828427, 0.4, 0.1171573)),
    (1, 4, (0.8, 0.6828427, 0.4, 0.1171573)),
    (3, 2, (0.8, 0.7464102, 0.6, 0.4, 0.2, 0.0535898)),
]


@pytest.mark.task("make_schedule")
@pytest.mark.parametrize(("epochs", "steps", "expected"), RATES, ids=["two by two", "one epoch", "three epochs"])
def test_schedule_two_epochs(student, epochs, steps, expected):
    """The rate falls all the way, once over the run"""
    found = student.probe.rates(0.8, epochs, steps, epochs * steps)
    assert_allclose(found, expected, help="the rate at each batch of the run")
