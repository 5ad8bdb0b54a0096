"""The checks you can run: small integers, each result short enough to work out by hand."""

import numpy as np
import pytest

from grader.testing import Handle, assert_allclose, assert_dtype, assert_shape, assert_that

X = [[1.0, 2, 0, 1], [0, 1, 3, 1], [2, 0, 1, 2]]
W = [[1.0, 2], [0, -1]]
each_part = pytest.mark.parametrize("part", [0, 1, 2], ids=["dx", "dw", "db"])


def one_of_three(value, part):
    """dx, dw or db out of the tuple (dx, dw, db)."""
    three = list(value) if isinstance(value, tuple | list | Handle) else []
    assert_that(len(three) == 3, "a tuple (dx, dw, db)", f"{len(three)} values" if three else "something else")
    return three[part]


@pytest.mark.task("conv2d_backward")
@pytest.mark.weight(3)
@each_part
def test_backward_example(student, part):
    """The example of the lesson: each of dx, dw and db."""
    dx = np.array([[[[2.0, 0, 0, 2], [5, -1, -2, 0], [-3, 0, 1, 0]]]])
    dw = np.array([[[[1.0, -2], [2, 5]]]])
    db = np.array([5.0])
    dout = np.array([[[[1.0, 0, 2], [3, -1, 0]]]])
    value = student.conv2d_backward(dout, np.array([[X]]), np.array([[W]]), stride=(1, 2), padding=(0, 1))
    assert_allclose(one_of_three(value, part), (dx, dw, db)[part], help="the lesson works this example out")


@pytest.mark.task("conv2d_backward")
def test_dx_overlap(student):
    """A pixel under several windows collects from all of them."""
    dx = np.array([[[[1.0, 2, 2, 4], [3, 4, -1, 0], [0, -3, 1, -1]]]])
    dout = np.array([[[[1.0, 0, 2], [3, -1, 1]]]])
    value = student.conv2d_backward(dout, np.array([[X]]), np.array([[W]]))
    assert_allclose(one_of_three(value, 0), dx, help="dx[1, 1] is 1*(-1) + 0*0 + 3*2 + (-1)*1: four windows, so +=")


@pytest.mark.task("conv2d_backward")
def test_db_filters(student):
    """Two images, two filters: one number for each filter."""
    dout = np.array([[[[1.0, 2, 3]], [[0, 1, 0]]], [[[4, 0, 0]], [[5, 5, 5]]]])
    value = student.conv2d_backward(dout, np.ones((2, 1, 1, 3)), np.ones((2, 1, 1, 1)))
    assert_allclose(one_of_three(value, 2), np.array([10.0, 16]), help="summed over images, rows and columns: 1+2+3+4")


@pytest.mark.task("conv2d_backward")
@pytest.mark.weight(3)
@each_part
def test_backward_integers(student, part):
    """Integers give float64, and a row that the kernel never reached gets 0."""
    x, w = np.array([[[[1, 2], [3, 4], [5, 6]]]]), np.array([[[[1, 1], [1, -1]]]])
    dx = np.array([[[[2.0, 2], [2, -2], [0, 0]]]])
    dw = np.array([[[[2.0, 4], [6, 8]]]])
    value = student.conv2d_backward(np.array([[[[2]]]]), x, w, stride=2)
    actual = one_of_three(value, part)
    if part == 0:
        assert_dtype(actual, "float64")
        assert_shape(actual, (1, 1, 3, 2))
        below = not np.asarray(actual)[:, :, 2].any()
        assert_that(below, "0 in row 2, which no window reached", "another number", help="it changes nothing in y")
    assert_allclose(actual, (dx, dw, np.array([2.0]))[part], help="one window, rows 0 and 1; float64")


@pytest.mark.task("numerical_grad")
def test_numerical_grad_wide_steps(student):
    """With eps = 1 the differences can be worked out by hand."""
    # probes.py defines f(a) = sum(weights * a**3) + sum(weights * a)**2; here a[0]**3 - a[1]**3 + (a[0] - a[1])**2.
    value = student.probe.gradient(np.array([[1.0, 2]]), np.array([[1.0, -1]]), 1.0)
    grad = one_of_three(value, 0)
    assert_allclose(grad, np.array([[2.0, -11]]), help="(f(2, 2) - f(0, 2)) / 2 = (0 - -4) / 2 = 2")


@pytest.mark.task("numerical_grad")
def test_numerical_grad_integers(student):
    """An integer array has a gradient, too: in float64."""
    value = student.probe.gradient(np.array([[1, 2]]), np.array([[1.0, -1]]))
    grad = one_of_three(value, 0)
    assert_allclose(grad, np.array([[1.0, -10]]), rtol=0, atol=1e-6, help="an integer array can't hold 1 + 1e-5")


@pytest.mark.task("rel_error")
def test_rel_error_example(student):
    """The example of the lesson."""
    value = student.rel_error(np.array([1.0, 2, 4]), np.array([1.0, 3, 4]))
    assert_allclose(value, 0.2, help="abs(2 - 3) / (2 + 3)")


@pytest.mark.task("rel_error")
def test_rel_error_zeros(student):
    """Two zeros don't differ."""
    value = student.rel_error(np.array([[0.0, 1], [0, -1]]), np.array([[0.0, 1], [0, -3]]))
    assert_allclose(value, 0.5, help="the zeros give 0 / 1e-8 = 0, not NaN; -1 and -3 give 2 / 4")
