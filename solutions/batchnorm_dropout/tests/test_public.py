"""The checks you can run: a channel of four values, whose mean, variance and root are whole numbers.

`student.probe.backward(dout, *forward)` calls your batchnorm2d and hands its cache to your batchnorm2d_backward; you
find it in `probes.py`.
"""

import numpy as np
import pytest

from grader.testing import Handle, assert_allclose, assert_dtype, assert_shape, assert_that

# Channel 0 holds 5, 1, 1, 1 and channel 1 holds 4, 0, 4, 4: biased variances of 3, so that eps = 1 gives a root of 2.
X = np.array([[[[5.0, 1]], [[4, 0]]], [[[1, 1]], [[4, 4]]]])
GAMMA, BETA = np.array([2.0, 6]), np.array([10.0, 0])

# The first of these channels alone, for the backward pass.
ONE = np.array([[[[5.0, 1]]], [[[1, 1]]]])
DOUT = np.array([[[[4.0, 0]]], [[[0, 8]]]])
TRAINING = (ONE, np.array([2.0]), np.array([10.0]), np.array([0.0]), np.array([0.0]), True)
EVALUATION = (ONE, np.array([2.0]), np.array([10.0]), np.array([1.0]), np.array([15.0]), False)


def parts(result, names):
    """The result, taken apart, once it is known to have as many parts as there are names."""
    items = list(result) if isinstance(result, tuple | list | Handle) else []
    assert_that(len(items) == len(names.split()), f"the tuple ({', '.join(names.split())})", "something else")
    return items


@pytest.mark.task("batchnorm2d")
def test_batchnorm_training_example(student):
    """Training normalises each channel with its own mean and biased variance."""
    # Momentum 0: the running statistics, which the next check is about, stay what they are.
    result = student.batchnorm2d(X, GAMMA, BETA, np.array([0.0, 8]), np.array([0.0, 8]), True, momentum=0.0, eps=1.0)
    out, _, _, _ = parts(result, "out cache new_mean new_var")
    expected = np.array([[[[13.0, 9]], [[3, -9]]], [[[9, 9]], [[3, 3]]]])
    assert_allclose(out, expected, help="the first number is 2 * (5 - 2) / sqrt(3 + 1) + 10")


@pytest.mark.task("batchnorm2d")
def test_batchnorm_running_example(student):
    """Training moves the running statistics by momentum, towards the unbiased variance."""
    result = student.batchnorm2d(X, GAMMA, BETA, np.array([0.0, 8]), np.array([0.0, 8]), True, momentum=0.25, eps=1.0)
    _, _, new_mean, new_var = parts(result, "out cache new_mean new_var")
    assert_allclose(new_mean, np.array([0.5, 6.75]), help="the second is 0.75 * 8 + 0.25 * 3")
    assert_allclose(new_var, np.array([1.0, 7]), help="the second is 0.75 * 8 + 0.25 * 4: 12 / (4 - 1) = 4")


@pytest.mark.task("batchnorm2d")
def test_batchnorm_evaluation_example(student):
    """Evaluation normalises with the running statistics and hands them back."""
    result = student.batchnorm2d(X, GAMMA, BETA, np.array([1.0, 3]), np.array([3.0, 8]), False, eps=1.0)
    out, _, new_mean, new_var = parts(result, "out cache new_mean new_var")
    expected = np.array([[[[14.0, 10]], [[2, -6]]], [[[10, 10]], [[2, 2]]]])
    assert_allclose(out, expected, help="the first number is 2 * (5 - 1) / sqrt(3 + 1) + 10")
    assert_allclose(new_mean, np.array([1.0, 3]), help="in evaluation nothing is updated")
    assert_allclose(new_var, np.array([3.0, 8]), help="in evaluation nothing is updated")


@pytest.mark.task("batchnorm2d_backward")
@pytest.mark.weight(2)
def test_backward_dx_example(student):
    """After training, dx counts the way through the mean and the variance."""
    dx, _, _ = parts(student.probe.backward(DOUT, *TRAINING, eps=1.0), "dx dgamma dbeta")
    expected = np.array([[[[0.25, -2.75]]], [[[-2.75, 5.25]]]])
    assert_allclose(dx, expected, help="the first is 2 / 2 * (4 - 3 - 1.5 * 0.5): mean(dout) is 3, mean(dout*xhat) 0.5")


@pytest.mark.task("batchnorm2d_backward")
def test_backward_parameters_example(student):
    """The gradients of gamma and beta, one number per channel."""
    _, dgamma, dbeta = parts(student.probe.backward(DOUT, *TRAINING, eps=1.0), "dx dgamma dbeta")
    assert_allclose(dgamma, np.array([2.0]), help="4 * 1.5 + 8 * (-0.5)")
    assert_allclose(dbeta, np.array([12.0]), help="4 + 0 + 0 + 8")


@pytest.mark.task("batchnorm2d_backward")
def test_backward_evaluation_example(student):
    """After evaluation, the statistics are constants."""
    dx, dgamma, dbeta = parts(student.probe.backward(DOUT, *EVALUATION, eps=1.0), "dx dgamma dbeta")
    assert_allclose(dx, np.array([[[[2.0, 0]]], [[[0, 4]]]]), help="dout * 2 / sqrt(15 + 1)")
    assert_allclose(dgamma, np.array([4.0]), help="4 * (5 - 1) / sqrt(15 + 1)")
    assert_allclose(dbeta, np.array([12.0]), help="4 + 0 + 0 + 8")


@pytest.mark.task("dropout")
def test_dropout_half(student):
    """With p = 0.5 some elements become 0 and the others double, as the mask says."""
    x = np.array([[1.0, 2, 3, 4], [5, 6, 7, 8]] * 10)
    out, mask = parts(student.dropout(x, 0.5, True, np.random.default_rng(3)), "out mask")
    assert_shape(mask, (20, 4), help="the mask has the shape of x")
    assert_dtype(mask, "bool")
    assert_allclose(out, np.where(mask, 2 * x, 0.0), help="x / (1 - p) where the mask is True, 0 elsewhere")
    assert_that(10 < mask.sum() < 70, "about half of 80 elements kept", f"{mask.sum()} kept")


@pytest.mark.task("dropout")
def test_dropout_evaluation_example(student):
    """In evaluation nothing is dropped or scaled, and the mask is True."""
    x = np.array([[1.0, -2, 3], [0, 5, 6]])
    out, mask = parts(student.dropout(x, 0.5, False, np.random.default_rng(3)), "out mask")
    assert_allclose(out, x, help="the values were scaled in training already")
    assert_allclose(mask, np.array([[True, True, True], [True, True, True]]), help="every element is kept, 0 too")
