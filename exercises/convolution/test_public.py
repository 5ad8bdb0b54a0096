"""The checks you can run: small integers, each result short enough to work out by hand."""

import numpy as np
import pytest

from grader.testing import assert_allclose

IMG = [[1.0, 2, 0, 1], [0, 1, 3, 1], [2, 0, 1, 2]]
KERNEL = [[1.0, 2], [0, -1]]


@pytest.mark.task("pad2d")
def test_pad2d_order_of_sides(student):
    """The border goes to the right sides."""
    x = np.array([[[[1.0, 2], [3, 4]]]])
    expected = np.array([[[[0.0, 0, 0, 0], [1, 2, 0, 0], [3, 4, 0, 0]]]])
    actual = student.pad2d(x, (1, 0, 0, 2))
    assert_allclose(actual, expected, help="pad is (top, bottom, left, right): one row above, two columns to the right")


@pytest.mark.task("pad2d")
def test_pad2d_value(student):
    """The border holds the value asked for, in every image and channel."""
    x = np.array([[[[1.0, 2]], [[3, 4]]]])
    expected = np.array([[[[9.0, 1, 2], [9, 9, 9]], [[9, 3, 4], [9, 9, 9]]]])
    actual = student.pad2d(x, (0, 1, 1, 0), value=9.0)
    assert_allclose(actual, expected, help="only height and width grow, and the border is `value`")


@pytest.mark.task("pad2d")
def test_pad2d_integers(student):
    """Integers come back as float64."""
    x = np.array([[[[1, 2]]]])
    expected = np.array([[[[0.5, 1, 2, 0.5]]]])
    actual = student.pad2d(x, (0, 0, 1, 1), value=0.5)
    assert_allclose(actual, expected, help="an integer array can't hold 0.5: the result is float64")


@pytest.mark.task("cross_correlate2d")
def test_cross_correlate2d_example(student):
    """The example of the lesson."""
    expected = np.array([[4.0, -1, 1], [2, 6, 3]])
    actual = student.cross_correlate2d(np.array(IMG), np.array(KERNEL))
    assert_allclose(actual, expected, help="the first number is 1*1 + 2*2 + 0*0 + 1*(-1): the kernel is not flipped")


@pytest.mark.task("cross_correlate2d")
def test_cross_correlate2d_integers(student):
    """A row kernel over integers gives float64."""
    img = np.array([[1, 2, 3, 4], [0, 5, 0, 1]])
    expected = np.array([[-2.0, -2], [0, 4]])
    actual = student.cross_correlate2d(img, np.array([[1, 0, -1]]))
    assert_allclose(actual, expected, help="a 1×3 kernel fits twice into each row; the result is float64")


@pytest.mark.task("conv2d")
def test_conv2d_stride_and_padding(student):
    """The example of the lesson: pairs are (height, width)."""
    x, w = np.array([[IMG]]), np.array([[KERNEL]])
    expected = np.array([[[[2.0, -1, 1], [-2, 6, 1]]]])
    actual = student.conv2d(x, w, stride=(1, 2), padding=(0, 1))
    assert_allclose(actual, expected, help="one column of zeros on either side, then windows two columns apart")


@pytest.mark.task("conv2d")
def test_conv2d_channels_and_bias(student):
    """Two channels are summed, and each filter has its own bias."""
    x = np.array([[[[1.0, 2], [3, 4]], [[5, 6], [7, 8]]]])
    w = np.array([[[[1.0, 0]], [[0, 1]]], [[[1, 1]], [[0, -1]]]])
    b = np.array([10.0, 30])
    expected = np.array([[[[17.0], [21]], [[27], [29]]]])
    assert_allclose(student.conv2d(x, w, b), expected, help="the first number is 1*1 + 6*1 + 10")


@pytest.mark.task("conv2d")
def test_conv2d_dilation(student):
    """Dilation puts gaps between the columns of the kernel."""
    x, w = np.array([[IMG]]), np.array([[KERNEL]])
    expected = np.array([[[[-2.0, 3], [5, 1]]]])
    actual = student.conv2d(x, w, dilation=(1, 2))
    assert_allclose(actual, expected, help="the first number is 1*1 + 0*2 + 0*0 + 3*(-1): columns 0 and 2")


@pytest.mark.task("conv2d")
def test_conv2d_integers(student):
    """Integers come back as float64, and a row left over at the bottom is ignored."""
    x, w = np.array([[[[1, 2], [3, 4], [5, 6]]]]), np.array([[[[1, 1], [1, -1]]]])
    expected = np.array([[[[2.0]]]])
    assert_allclose(student.conv2d(x, w, stride=2), expected, help="floor((3 - 1 - 1) / 2) + 1 = 1 row, float64")
