"""The public checks of `pooling_backward`: small numbers that can be worked out by hand."""

import numpy as np
import pytest

from grader.testing import assert_allclose, assert_dtype, assert_shape, assert_that

IMAGE = np.array([[[[1.0, 2, 5, 3], [4, 0, 1, 2], [7, 1, 0, 6], [2, 3, 8, 1]]]])


def maps(*rows):
    """One image with one channel."""
    return np.array([[rows]], dtype=np.float64)


@pytest.mark.task("max_pool2d_backward")
def test_max_backward_by_hand(student):
    """The winner of each 2x2 window takes its gradient; without a stride, windows lie side by side."""
    expected = maps([0, 0, 20, 0], [10, 0, 0, 0], [30, 0, 0, 0], [0, 0, 40, 0])
    assert_allclose(student.max_pool2d_backward(maps([10, 20], [30, 40]), IMAGE, 2), expected)


@pytest.mark.task("max_pool2d_backward")
def test_max_backward_overlap_by_hand(student):
    """A cell that wins in several windows gets the sum of their gradients."""
    x = maps([1, 2, 0], [3, 9, 4], [0, 5, 1])
    actual = student.max_pool2d_backward(maps([1, 20], [300, 4000]), x, 2, stride=1)
    assert_allclose(actual, maps([0, 0, 0], [0, 4321, 0], [0, 0, 0]), help="the 9 wins in all four windows")


@pytest.mark.task("max_pool2d_backward")
def test_max_backward_ties_by_hand(student):
    """Of several equal maxima, the first in row-major order takes all."""
    x = maps([5, 5, 1, 6], [5, 5, 6, 0])
    expected = maps([10, 0, 0, 20], [0, 0, 0, 0])
    assert_allclose(student.max_pool2d_backward(maps([10, 20]), x, 2), expected, help="the upper row comes first")


@pytest.mark.task("max_pool2d_backward")
def test_max_backward_padding_by_hand(student):
    """Padding never wins, and dx has the shape of x."""
    dout = maps([1, 2, 3], [4, 5, 6], [7, 8, 9])
    expected = maps([1 + 2 + 4 + 5, 3 + 6], [7 + 8, 9])
    actual = student.max_pool2d_backward(dout, maps([-1, -2], [-3, -4]), 2, stride=1, padding=1)
    assert_allclose(actual, expected, help="nine windows, four cells: each window holds at least one of them")


@pytest.mark.task("avg_pool2d_backward")
def test_avg_backward_by_hand(student):
    """Each cell of a window gets an equal share."""
    expected = maps([1, 1, 2, 2], [1, 1, 2, 2], [3, 3, 4, 4], [3, 3, 4, 4])
    actual = student.avg_pool2d_backward(maps([4, 8], [12, 16]), (1, 1, 4, 4), 2)
    assert_allclose(actual, expected, help="a share is dout / (number of cells)")


@pytest.mark.task("avg_pool2d_backward")
def test_avg_backward_overlap_by_hand(student):
    """Where windows overlap, shares add up; a column that no window reaches gets 0."""
    actual = student.avg_pool2d_backward(maps([3, 6, 9]), (1, 1, 1, 8), (1, 3), stride=2)
    assert_dtype(actual, "float64")
    assert_shape(actual, (1, 1, 1, 8))
    last = not np.asarray(actual)[..., 7].any()
    assert_that(last, "0 in the last column, which no window reaches", "another number", help="it was never read")
    assert_allclose(actual, maps([1, 1, 1 + 2, 2, 2 + 3, 3, 3, 0]), help="the last column lies in no window")


@pytest.mark.task("avg_pool2d_backward")
@pytest.mark.weight(2)
@pytest.mark.parametrize(
    ("count", "expected"),
    [(True, [1 + 2, 2 + 3, 3 + 4]), (False, [2 + 2, 2 + 3, 3 + 8])],
    ids=["padding_counts", "image_only"],
)
def test_avg_backward_padding_by_hand(student, count, expected):
    """Padding counts in the divisor, or does not, as count_include_pad says."""
    actual = student.avg_pool2d_backward(
        maps([2, 4, 6, 8]), (1, 1, 1, 3), (1, 2), stride=1, padding=(0, 1), count_include_pad=count
    )
    assert_allclose(actual, maps(expected), help="the first and the last window hold one image cell each")


@pytest.mark.task("global_avg_pool2d_backward")
def test_global_backward_by_hand(student):
    """Each map shares its number equally."""
    expected = np.array([[np.full((2, 3), 1.0), np.full((2, 3), -0.5)]])
    assert_allclose(student.global_avg_pool2d_backward(np.array([[6.0, -3]]), (1, 2, 2, 3)), expected)


@pytest.mark.task("global_avg_pool2d_backward")
def test_global_backward_batch_by_hand(student):
    """Images of a batch have nothing to do with each other."""
    expected = np.array([[[[2.0, 2]]], [[[5, 5]]], [[[7, 7]]]])
    assert_allclose(student.global_avg_pool2d_backward(np.array([[4.0], [10], [14]]), (3, 1, 1, 2)), expected)
