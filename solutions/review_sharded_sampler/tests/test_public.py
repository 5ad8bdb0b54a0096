"""What was reported: the numbers disagree."""

import pytest

from grader.testing import assert_allclose, assert_equal


@pytest.mark.task("combined_accuracy")
def test_accuracy_of_uneven_shares(student):
    """Each picture counts once"""
    assert_allclose(student.combined_accuracy([90, 0], [100, 10]), 90 / 110, help="90 right of 110")


@pytest.mark.task("ShardedSampler")
def test_sampler_covers(student):
    """Two processes see ten pictures, each once"""
    found = student.probe.orders(10, 2, 3, (0, 1, 2))
    assert_equal(student.probe.lengths(10, 2), (5, 5))
    for epoch in range(3):
        seen = [found[epoch][rank] for rank in range(2)] if type(found) is tuple and len(found) == 3 else found
        flat = sorted(seen[0] + seen[1]) if type(seen) is list else seen
        assert_equal(flat, list(range(10)), help="both processes together, epoch by epoch")
