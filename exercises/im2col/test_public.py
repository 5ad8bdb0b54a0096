"""The checks you can run: small integers, each result short enough to work out by hand."""

import numpy as np
import pytest

from grader.testing import assert_allclose

X = [[1.0, 2, 3], [4, 5, 6]]
COLS = [[1.0, 2], [2, 3], [4, 5], [5, 6]]


@pytest.mark.task("im2col")
def test_im2col_example(student):
    """The example of the lesson."""
    actual = student.im2col(np.array([[X]]), 2)
    assert_allclose(actual, np.array([COLS]), help="column 0 is the window 1 2 / 4 5, read as a line of text")


@pytest.mark.task("im2col")
def test_im2col_order(student):
    """Rows: channel, then kernel row, then kernel column. Columns: as one reads."""
    x = np.array([[[[1.0, 2], [3, 4], [5, 6]], [[10, 20], [30, 40], [50, 60]]]])
    expected = np.array([[[1.0, 2, 3, 4], [3, 4, 5, 6], [10, 20, 30, 40], [30, 40, 50, 60]]])
    actual = student.im2col(x, (2, 1))
    assert_allclose(actual, expected, help="two rows for each channel; the four windows begin at 1, 2, 3 and 4")


@pytest.mark.task("im2col")
def test_im2col_options(student):
    """Stride, padding and dilation are pairs (height, width), and integers come back as float64."""
    x = np.array([[[[1, 2, 3], [4, 5, 6]]]])
    expected = np.array([[[0.0, 0, 4, 5], [0, 0, 5, 6], [1, 2, 0, 0], [2, 3, 0, 0]]])
    actual = student.im2col(x, 2, stride=(2, 1), padding=(1, 0))
    assert_allclose(actual, expected, help="one row of zeros above and below: windows of rows 0-1 and rows 2-3")
    expected = np.array([[[1.0], [3], [4], [6]]])
    actual = student.im2col(x, 2, dilation=(1, 2))
    assert_allclose(actual, expected, help="columns 0 and 2: taps two apart")


@pytest.mark.task("col2im")
def test_col2im_example(student):
    """The example of the lesson: what two windows share is added up."""
    expected = np.array([[[[1.0, 4, 3], [4, 10, 6]]]])
    actual = student.col2im(np.array([COLS]), (1, 1, 2, 3), 2)
    assert_allclose(actual, expected, help="pixel (0, 1) is in both windows: 2 + 2")


@pytest.mark.task("col2im")
def test_col2im_counts(student):
    """Columns full of ones count the windows that see each pixel; padding is cut off, integers give float64."""
    cols = np.ones((1, 4, 6), dtype=np.int64)
    expected = np.array([[[[2.0, 4, 2], [2, 4, 2]]]])
    actual = student.col2im(cols, (1, 1, 2, 3), 2, padding=(1, 0))
    assert_allclose(actual, expected, help="x_shape is the size before padding: the two rows of padding are cut off")


@pytest.mark.task("col2im")
def test_col2im_stride_and_dilation(student):
    """A pixel that no window reads gets 0."""
    cols = np.array([[[1.0, 2], [3, 4]]])
    expected = np.array([[[[1.0, 0, 3, 0], [0, 0, 0, 0], [2, 0, 4, 0]]]])
    actual = student.col2im(cols, (1, 1, 3, 4), (1, 2), stride=2, dilation=(1, 2))
    assert_allclose(actual, expected, help="two windows, at rows 0 and 2; the taps are at columns 0 and 2")


@pytest.mark.task("conv2d_im2col")
def test_conv2d_im2col_example(student):
    """The example of the lesson, with a bias."""
    w = np.array([[[[1.0, 2], [0, -1]]]])
    expected = np.array([[[[10.0, 12]]]])
    actual = student.conv2d_im2col(np.array([[X]]), w, np.array([10.0]))
    assert_allclose(actual, expected, help="the first number is 1*1 + 2*2 + 0*4 - 1*5 + 10: the kernel is not flipped")


@pytest.mark.task("conv2d_im2col")
def test_conv2d_im2col_integers(student):
    """Two channels, two filters and every option at once; integers come back as float64."""
    x = np.array([[[[1, 2, 3], [4, 5, 6]], [[1, 0, 1], [0, 1, 0]]]])
    w = np.array([[[[1, 1]], [[0, 0]]], [[[0, 1]], [[10, 0]]]])
    expected = np.array([[[[2.0, 4, 2], [5, 10, 5]], [[2.0, 13, 0], [5, 6, 10]]]])
    actual = student.conv2d_im2col(x, w, None, (1, 1), (0, 1), (1, 2))
    assert_allclose(actual, expected, help="taps two columns apart over 0 1 2 3 0 and 0 4 5 6 0")
