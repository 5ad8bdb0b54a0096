"""The public checks of `init_and_loss`: small numbers that can be worked out by hand."""

import numpy as np
import pytest

from grader.testing import assert_allclose, assert_dtype, assert_equal, assert_shape, assert_that


def numbers(weights, shape):
    """`weights`, once it is known to be a float64 array of `shape` without NaN or infinity."""
    assert_shape(weights, shape, help="he_normal returns an array of exactly the shape it was given")
    assert_dtype(weights, "float64")
    weights = np.asarray(weights)
    assert_that(bool(np.isfinite(weights).all()), "finite numbers", "NaN or infinity among them")
    return weights


def spread(weights, shape, std):
    """The standard deviation of `weights` is `std`, give or take 2 %: with 100,000 draws, chance makes 0.2 %."""
    found = float(numbers(weights, shape).std())
    assert_that(0.98 * std < found < 1.02 * std, f"a standard deviation of {std:.4f}", f"{found:.4f}")


def loss_and_gradient(value):
    """`value`, once it is known to be a pair."""
    pair = type(value) is tuple and len(value) == 2
    assert_that(pair, "a tuple (loss, dlogits)", "something else", help="cross_entropy returns two things")
    return value


@pytest.mark.task("fan_in_out")
@pytest.mark.parametrize(("shape", "fans"), [((10, 4), (4, 10)), ((2, 7), (7, 2))], ids=["wide", "narrow"])
def test_fan_in_out_dense(student, shape, fans):
    """A dense layer's weights are (out, in), as in torch."""
    assert_equal(student.fan_in_out(shape), fans, help="the result is (fan_in, fan_out), two ints")


@pytest.mark.task("fan_in_out")
@pytest.mark.weight(2)
@pytest.mark.parametrize(
    ("shape", "fans"), [((8, 3, 5, 2), (30, 80)), ((4, 6, 1, 3), (18, 12))], ids=["more_out", "more_in"]
)
def test_fan_in_out_conv(student, shape, fans):
    """A convolution's weights are (F, C, kH, kW), and each cell of the kernel counts."""
    assert_equal(student.fan_in_out(shape), fans, help="one output sums over C channels and kH * kW cells of each")


@pytest.mark.task("he_normal")
def test_he_normal_array(student):
    """A float64 array of the wanted shape, with different numbers of both signs."""
    shape = (4, 3, 2, 5)
    weights = numbers(student.he_normal(shape, np.random.default_rng(1)), shape)
    assert_that(len(np.unique(weights)) > 110, "120 different weights", f"{len(np.unique(weights))}")
    assert_that(20 < int((weights > 0).sum()) < 100, "weights of both signs", "nearly all of one sign")


@pytest.mark.task("he_normal")
@pytest.mark.weight(4)
@pytest.mark.parametrize(
    ("shape", "mode", "std"),
    [
        ((500, 200), {}, (2 / 200) ** 0.5),
        ((100, 125, 4, 2), {}, (2 / 1000) ** 0.5),
        ((500, 200), {"mode": "fan_out"}, (2 / 500) ** 0.5),
        ((100, 125, 4, 2), {"mode": "fan_out"}, (2 / 800) ** 0.5),
    ],
    ids=["dense", "conv", "dense_fan_out", "conv_fan_out"],
)
def test_he_normal_spread(student, shape, mode, std):
    """The variance is 2 / fan_in unless mode says fan_out."""
    spread(student.he_normal(shape, np.random.default_rng(2), **mode), shape, std)


@pytest.mark.task("he_normal")
@pytest.mark.depends("test_he_normal_array")
def test_he_normal_seeded(student):
    """One seed gives equal weights."""
    shape = (4, 3, 2, 5)
    first = numbers(student.he_normal(shape, np.random.default_rng(7)), shape)
    again = student.he_normal(shape, np.random.default_rng(7))
    assert_allclose(again, first, help="every random number comes from rng")


@pytest.mark.task("log_softmax")
def test_log_softmax_by_hand(student):
    """The logarithms of each row's shares: 1 and 3 of 4, 2 and 2 of 4, 3 and 1 of 4."""
    z = np.log([[1.0, 3], [2, 2], [3, 1]])
    expected = np.log([[0.25, 0.75], [0.5, 0.5], [0.75, 0.25]])
    assert_allclose(student.log_softmax(z), expected, help="a sample is a row: its probabilities sum to 1")


@pytest.mark.task("log_softmax")
@pytest.mark.parametrize(
    ("z", "expected"),
    [
        ([[1000.0, 1000]], [[-np.log(2), -np.log(2)]]),
        ([[0.0, 0, -2000]], [[-np.log(2), -np.log(2), -2000 - np.log(2)]]),
    ],
    ids=["large", "far_apart"],
)
def test_log_softmax_large(student, z, expected):
    """Large scores, and scores far apart, give neither infinity nor NaN."""
    actual = student.log_softmax(np.array(z))
    text = "exp(1000) is infinite, exp(-2000) is 0"
    assert_shape(actual, np.shape(expected))
    assert_dtype(actual, "float64")
    floor = float(np.min(actual)) > -745 > float(np.min(expected))
    assert_that(not floor, "about -2000 for the last class", "more than -745, as if by a floor", help=text)
    assert_allclose(actual, np.array(expected), help=text)


# The logits are logarithms, so that the softmax is 1/4, 3/4 in the first row and 1/2, 1/2 in the second.
LOGITS = np.log([[1.0, 3], [1, 1]])


@pytest.mark.task("cross_entropy")
@pytest.mark.weight(2)
@pytest.mark.parametrize(
    ("rows", "y", "smoothing", "loss"),
    [
        (2, [1, 0], {}, -np.log(3 / 4) / 2 - np.log(1 / 2) / 2),
        (1, [1], {"label_smoothing": 0.4}, -0.2 * np.log(1 / 4) - 0.8 * np.log(3 / 4)),
    ],
    ids=["plain", "smoothed"],
)
def test_cross_entropy_loss_by_hand(student, rows, y, smoothing, loss):
    """The mean of -log(probability of the true class); smoothing 0.4 makes the target of class 1 (0.2, 0.8)."""
    found, _ = loss_and_gradient(student.cross_entropy(LOGITS[:rows], np.array(y), **smoothing))
    assert_allclose(found, float(loss), help="summed over the classes, averaged over the samples")


@pytest.mark.task("cross_entropy")
@pytest.mark.weight(2)
@pytest.mark.parametrize(
    ("rows", "y", "smoothing", "gradient"),
    [
        (2, [1, 0], {}, [[0.125, -0.125], [-0.25, 0.25]]),
        (1, [1], {"label_smoothing": 0.4}, [[0.05, -0.05]]),
    ],
    ids=["plain", "smoothed"],
)
def test_cross_entropy_gradient_by_hand(student, rows, y, smoothing, gradient):
    """The gradient is the softmax minus the target, over N, and with smoothing the target is the smoothed one."""
    _, found = loss_and_gradient(student.cross_entropy(LOGITS[:rows], np.array(y), **smoothing))
    assert_allclose(found, np.array(gradient), help="of the mean loss, so it holds a factor 1/N")
