"""The public checks of `pooling`: small numbers that can be worked out by hand."""

import numpy as np
import pytest

from grader.testing import assert_allclose, assert_raises

IMAGE = np.array([[[[1.0, 2, 5, 3], [4, 0, 1, 2], [7, 1, 0, 6], [2, 3, 8, 1]]]])
ONES = np.ones((1, 1, 4, 4))


@pytest.mark.task("max_pool2d")
def test_max_pool2d_by_hand(student):
    """The maximum of 2x2 windows, two cells apart."""
    expected = np.array([[[[4.0, 5], [7, 8]]]])
    assert_allclose(student.max_pool2d(IMAGE, 2, stride=2), expected)


@pytest.mark.task("max_pool2d")
@pytest.mark.weight(2)
def test_max_pool2d_default_stride(student):
    """Without a stride, windows lie side by side: the stride is the kernel's size."""
    expected = np.array([[[[5.0], [8]]]])
    assert_allclose(student.max_pool2d(IMAGE, (2, 3)), expected, help="stride=None means stride = kernel, per axis")


@pytest.mark.task("max_pool2d")
def test_max_pool2d_padding_never_wins(student):
    """Padding counts as minus infinity, so it never wins against negative values."""
    x = np.array([[[[-1.0, -2], [-3, -4]]]])
    expected = np.array([[[[-1.0, -1, -2], [-1, -1, -2], [-3, -3, -4]]]])
    assert_allclose(student.max_pool2d(x, 2, stride=1, padding=1), expected, help="do not pad a maximum with zeros")


@pytest.mark.task("max_pool2d")
@pytest.mark.depends("test_max_pool2d_by_hand")
@pytest.mark.parametrize(
    ("kernel", "padding"), [(3, 2), (5, 3), ((3, 4), (2, 1)), ((4, 3), (1, 2))], ids=["3_2", "5_3", "rows", "columns"]
)
def test_max_pool2d_refuses_large_padding(student, kernel, padding):
    """Padding larger than half the kernel, on either axis, is a ValueError."""
    assert_raises(ValueError, student.max_pool2d, IMAGE, kernel, stride=1, padding=padding)


@pytest.mark.task("avg_pool2d")
def test_avg_pool2d_by_hand(student):
    """The mean of 2x2 windows, two cells apart."""
    expected = np.array([[[[1.75, 2.75], [3.25, 3.75]]]])
    assert_allclose(student.avg_pool2d(IMAGE, 2, stride=2), expected)


@pytest.mark.task("avg_pool2d")
def test_avg_pool2d_default_stride(student):
    """Without a stride, windows lie side by side: the stride is the kernel's size."""
    expected = np.array([[[[13 / 6], [21 / 6]]]])
    assert_allclose(student.avg_pool2d(IMAGE, (2, 3)), expected, help="stride=None means stride = kernel, per axis")


@pytest.mark.task("avg_pool2d")
@pytest.mark.weight(2)
@pytest.mark.parametrize(
    ("count", "corner", "edge"), [(True, 4 / 9, 6 / 9), (False, 1.0, 1.0)], ids=["padding_counts", "image_only"]
)
def test_avg_pool2d_padding(student, count, corner, edge):
    """Padding counts in the divisor, or does not, as count_include_pad says."""
    expected = np.array([[[[corner, edge], [edge, 1.0]]]])
    actual = student.avg_pool2d(ONES, 3, stride=2, padding=1, count_include_pad=count)
    assert_allclose(actual, expected, help="the divisor is a number of cells: which ones count?")


@pytest.mark.task("avg_pool2d")
def test_avg_pool2d_ceil_mode(student):
    """An overhanging window counts the cells inside the padded image only."""
    expected = np.array([[[[4 / 9, 6 / 9, 2 / 6], [6 / 9, 1, 3 / 6], [2 / 6, 3 / 6, 1 / 4]]]])
    assert_allclose(student.avg_pool2d(ONES, 3, stride=2, padding=1, ceil_mode=True), expected)


@pytest.mark.task("global_avg_pool2d")
def test_global_avg_pool2d_by_hand(student):
    """One mean for each image and channel."""
    x = np.array([[[[1.0, 2], [3, 6]], [[0, 0], [0, 2]]]])
    assert_allclose(student.global_avg_pool2d(x), np.array([[3.0, 0.5]]), help="the result is 2-D: (N, C)")


@pytest.mark.task("adaptive_avg_pool2d")
@pytest.mark.weight(2)
def test_adaptive_avg_pool2d_by_hand(student):
    """Five columns to three: the windows are [0, 2), [1, 4) and [3, 5)."""
    x = np.array([[[[1.0, 3, 2, 4, 8]]]])
    expected = np.array([[[[2.0, 3, 6]]]])
    assert_allclose(student.adaptive_avg_pool2d(x, (1, 3)), expected, help="each output has its own window")


@pytest.mark.task("adaptive_avg_pool2d")
@pytest.mark.weight(2)
@pytest.mark.parametrize(
    ("image", "size", "expected"),
    [
        ([[1.0, 4], [9, 0], [2, 4]], (2, 1), [[3.5], [3.75]]),
        ([[4.0, 2], [4, 3]], (1, 3), [[4, 3.25, 2.5]]),
    ],
    ids=["fewer_rows", "more_columns"],
)
def test_adaptive_avg_pool2d_shapes(student, image, size, expected):
    """output_size is (height, width), and may be larger than the image."""
    assert_allclose(student.adaptive_avg_pool2d(np.array([[image]]), size), np.array([[expected]]))
