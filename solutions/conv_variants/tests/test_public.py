"""The checks you can run: small integers, each result short enough to work out by hand."""

import numpy as np
import pytest

from grader.testing import assert_allclose, assert_raises

FOUR = [[[1.0, 2, 3]], [[0, 1, 0]], [[4, 0, 1]], [[1, 1, -1]]]
TWO_GROUPS = [[[[1.0, -1]], [[2, 0]]], [[[1, 1]], [[0, 3]]]]
SQUARES = [[[1.0, 2], [3, 4]], [[5, 6], [7, 8]]]
PICTURES = [[[1.0, 2, 0], [0, 1, 3], [2, 0, 1]], [[0, 1, 0], [1, 0, 2], [0, 3, 0]]]
DEPTHWISE = [[[[1.0, 2], [0, -1]]], [[[0, 1], [1, 0]]]]
POINTWISE = [[1.0, 1], [2, -1]]


@pytest.mark.task("conv2d_grouped")
def test_conv2d_grouped_example(student):
    """The example of the lesson: a group is a block of neighbouring channels."""
    expected = np.array([[[[-1.0, 1]], [[7, -2]]]])
    actual = student.conv2d_grouped(np.array([FOUR]), np.array(TWO_GROUPS), groups=2)
    assert_allclose(actual, expected, help="filter 0 sees channels 0 and 1, filter 1 sees channels 2 and 3")


@pytest.mark.task("conv2d_grouped")
def test_conv2d_grouped_options(student):
    """Two filters in each group, bias, stride and padding: pairs are (height, width), and integers give float64."""
    x = np.array([[[[1, 2, 3]], [[0, 1, 0]]]])
    w = np.array([[[[1, -1]]], [[[1, 0]]], [[[1, 2]]], [[[2, -1]]]])
    b = np.array([10, 20, 30, 40])
    expected = np.array([[[[9.0, 9]], [[20, 22]], [[30, 31]], [[40, 42]]]])
    actual = student.conv2d_grouped(x, w, b, stride=(1, 2), padding=(0, 1), groups=2)
    assert_allclose(actual, expected, help="filters 0 and 1 see channel 0, padded to 0 1 2 3 0: windows 0 1 and 2 3")


@pytest.mark.task("conv2d_grouped")
@pytest.mark.depends("test_conv2d_grouped_example")
def test_conv2d_grouped_indivisible(student):
    """Three channels can't be cut into two groups."""
    x, w = np.array([FOUR[:3]]), np.array(TWO_GROUPS)[:, :1]
    assert_raises(ValueError, student.conv2d_grouped, x, w, groups=2, help="groups must divide C: 3 % 2 is not 0")


@pytest.mark.task("pointwise_conv")
def test_pointwise_conv_example(student):
    """The example of the lesson: a matrix at every pixel, a bias for every filter."""
    x = np.array([[[[1.0, 2, 3]], [[0, 1, -1]]]])
    w, b = np.array([[1.0, 1], [2, 0], [0, -1]]), np.array([0.0, 10, 20])
    expected = np.array([[[[1.0, 3, 2]], [[12, 14, 16]], [[20, 19, 21]]]])
    assert_allclose(student.pointwise_conv(x, w, b), expected, help="the first number is 1*1 + 1*0 + 0")


@pytest.mark.task("pointwise_conv")
def test_pointwise_conv_batch(student):
    """Two images stay apart, and integers give float64."""
    x = np.array([[[[1, 2]], [[3, 4]]], [[[5, 6]], [[7, 8]]]])
    expected = np.array([[[[-2.0, -2]]], [[[-2, -2]]]])
    actual = student.pointwise_conv(x, np.array([[1, -1]]))
    assert_allclose(actual, expected, help="1 - 3, 2 - 4, then the second image: 5 - 7, 6 - 8")


@pytest.mark.task("depthwise_conv2d")
def test_depthwise_conv2d_example(student):
    """The example of the lesson: the two maps of one channel are neighbours."""
    w = np.array([[[[1.0, 0]]], [[[0, 1]]], [[[1, 1]]], [[[-1, 1]]]])
    expected = np.array([[[[1.0], [3]], [[2], [4]], [[11], [15]], [[1], [1]]]])
    actual = student.depthwise_conv2d(np.array([SQUARES]), w)
    assert_allclose(actual, expected, help="map c*m + j belongs to channel c: maps 0 and 1 to channel 0")


@pytest.mark.task("depthwise_conv2d")
def test_depthwise_conv2d_options(student):
    """Stride and padding are pairs (height, width), and integers give float64."""
    x = np.array([[[[1, 2, 0], [0, 1, 3], [2, 0, 1]]]])
    expected = np.array([[[[-2.0, 0], [2, 6]]]])
    actual = student.depthwise_conv2d(x, np.array([[[[1, 2], [0, -1]]]]), stride=(2, 1), padding=(1, 0))
    assert_allclose(actual, expected, help="the top left window holds 0 0 and 1 2: one row of zeros above the image")


@pytest.mark.task("depthwise_separable")
def test_depthwise_separable_example(student):
    """The example of the lesson: nothing happens between the two steps."""
    expected = np.array([[[[6.0, -1], [2, 11]], [[6, -2], [4, 7]]]])
    actual = student.depthwise_separable(np.array([PICTURES]), np.array(DEPTHWISE), np.array(POINTWISE))
    assert_allclose(actual, expected, help="the depthwise step gives 4 -1 2 6 and 2 0 0 5; no ReLU in between")


@pytest.mark.task("depthwise_separable")
def test_depthwise_separable_options(student):
    """Stride and padding belong to the depthwise step, and integers give float64."""
    x, dw = np.array([PICTURES]).astype(int), np.array(DEPTHWISE).astype(int)
    expected = np.array([[[[-1.0, 1], [-1, 11]], [[-2, -1], [-5, 7]]]])
    actual = student.depthwise_separable(x, dw, np.array([[1, 1], [2, -1]]), stride=2, padding=1)
    assert_allclose(actual, expected, help="the depthwise step gives -1 0 -2 6 and 0 1 1 5, both 2×2")


@pytest.mark.task("separable_ratio")
def test_separable_ratio_example(student):
    """The example of the lesson: four filters, a 5×5 kernel."""
    assert_allclose(student.separable_ratio(4, 5), 0.29, help="1/4 + 1/25")


@pytest.mark.task("separable_ratio")
def test_separable_ratio_one_by_one(student):
    """With a 1×1 kernel, separating costs more than it saves."""
    assert_allclose(student.separable_ratio(2, 1), 1.5, help="1/2 + 1/1")
