"""Each bug by itself, then odd numbers of pictures and processes."""

import pytest

from grader.testing import assert_allclose, assert_equal, assert_raises, assert_that

CASES = {"uneven": (11, 4), "fewer pictures than processes": (3, 8), "alone": (7, 1), "even": (12, 3)}


def orders(student, size, world, seed, epochs):
    """For each epoch, for each process, a tuple of pictures."""
    found = student.probe.orders(size, world, seed, epochs)
    assert_that(type(found) is tuple and len(found) == len(epochs), "orders", "something else")
    for epoch in found:
        assert_that(type(epoch) is tuple and len(epoch) == world, "an order a process", "something else")
        for order in epoch:
            assert_that(type(order) is list and all(type(i) is int for i in order), "whole numbers", "something else")
    return found


@pytest.mark.task("ShardedSampler")
def test_sampler_epochs(student):
    """Epochs have different orders, and an epoch always its own"""
    found = orders(student, 20, 1, 5, (0, 1, 2, 1))
    assert_that(found[0] != found[1] != found[2] != found[0], "another order in each epoch", "the same")
    assert_equal(found[3], found[1], help="the same epoch, the same order")
    assert_that(orders(student, 20, 1, 6, (0,))[0] != found[0], "another order for another seed", "the same")
    assert_equal(sorted(found[0][0]), list(range(20)))
    assert_equal(orders(student, 20, 1, 5, (None,))[0], found[0], help="an epoch that nobody tells is epoch 0")
    untold = orders(student, 20, 1, None, (0,))
    assert_equal(untold, orders(student, 20, 1, 0, (0,)), help="a seed that nobody tells is 0")


@pytest.mark.task("ShardedSampler")
@pytest.mark.depends("test_sampler_covers", "test_sampler_epochs")
@pytest.mark.parametrize("case", list(CASES.values()), ids=list(CASES))
def test_sampler_whole(student, case):
    """Every picture seen, as evenly as possible, by processes of equal length"""
    size, world = case
    length = -(-size // world)
    assert_equal(student.probe.lengths(size, world), (length,) * world)
    for epoch in orders(student, size, world, 2, (0, 3)):
        assert_that(all(len(order) == length for order in epoch), f"{length} pictures a process", "others")
        # Dealt in turn, the shares give the shuffled order back, filled up from its beginning.
        dealt = [epoch[place % world][place // world] for place in range(length * world)]
        assert_equal(sorted(dealt[:size]), list(range(size)))
        assert_equal(dealt[size:], (dealt[:size] * world)[: length * world - size], help="filled up from the beginning")
    for rank in (-1, world):
        assert_raises(ValueError, student.ShardedSampler, size, rank, world)


@pytest.mark.task("combined_accuracy")
@pytest.mark.depends("test_accuracy_of_uneven_shares")
def test_accuracy_values(student):
    """Several processes, and lists that don't fit"""
    assert_allclose(student.combined_accuracy([1, 2, 3], [4, 4, 4]), 0.5)
    assert_allclose(student.combined_accuracy([0, 7], [1, 7]), 0.875)
    assert_raises(ValueError, student.combined_accuracy, [1], [1, 2])
