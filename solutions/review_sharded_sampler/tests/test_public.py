"""What was reported: the numbers disagree."""

import pytest

from grader.testing import assert_allclose, assert_equal, assert_that


@pytest.mark.task("combined_accuracy")
@pytest.mark.parametrize("shares", [([90, 0], [100, 10]), ([1, 8, 3], [1, 16, 4]), ([0, 5], [15, 5])])
def test_accuracy_of_uneven_shares(student, shares):
    """Each picture counts once"""
    hits, counts = shares
    expected = sum(hits) / sum(counts)
    assert_allclose(student.combined_accuracy(hits, counts), expected, help=f"{sum(hits)} right of {sum(counts)}")


@pytest.mark.task("ShardedSampler")
def test_sampler_covers(student):
    """Two processes see ten pictures, each once"""
    found = student.probe.orders(10, 2, 3, (0, 1, 2))
    assert_equal(student.probe.lengths(10, 2), (5, 5))
    assert_that(type(found) is tuple and len(found) == 3, "three epochs", "something else")
    for epoch in found:
        shares = type(epoch) is tuple and len(epoch) == 2 and all(type(share) is list for share in epoch)
        assert_that(shares, "an order a process", "something else")
        assert_that(all(type(i) is int for share in epoch for i in share), "whole numbers", "something else")
        assert_equal(sorted(epoch[0] + epoch[1]), list(range(10)), help="both processes together, epoch by epoch")
