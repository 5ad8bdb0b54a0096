"""The hidden checks of `init_and_loss`: every fan, the distribution of the draws, the generator, extreme logits.

How he_normal draws is free, so its checks measure. They hold 9e4 numbers or more: chance moves a standard deviation by
0.24 % (the limit is 2 %), the mean by 0.34 % of it (3 %), the skewness by 0.008 (0.15) and the kurtosis by 0.016 (0.2);
no weight beyond 3.5 standard deviations happens once in 1e20. A right answer is refused with a probability below 1e-14.
"""

from __future__ import annotations

import numpy as np
import oracle
import pytest
from logits import KINDS, batch, classes, kinds, scores

from grader.testing import (
    assert_allclose,
    assert_dtype,
    assert_equal,
    assert_shape,
    assert_that,
    assert_unchanged,
)


def parametrize(names, *cases):
    """One check over several cases."""
    return pytest.mark.parametrize(names, cases, ids=list("abcdefgh"[: len(cases)]))


def numbers(weights, shape):
    """`weights`, once it is known to be a float64 array of `shape` without NaN or infinity."""
    assert_shape(weights, shape)
    assert_dtype(weights, "float64")
    weights = np.asarray(weights)
    assert_that(bool(np.isfinite(weights).all()), "finite numbers", "NaN or infinity among them")
    return weights


def spread(weights, shape, fan):
    """The standard deviation of `weights` belongs to `fan`."""
    std = (2 / fan) ** 0.5
    found = float(numbers(weights, shape).std())
    assert_that(0.98 * std < found < 1.02 * std, f"a standard deviation of {std:.4f}", f"{found:.4f}")


def pair(value, length=2):
    """`value`, once it is known to be a tuple of two."""
    assert_that(type(value) is tuple and len(value) == length, "a tuple (loss, dlogits)", "something else")
    return value


# ------------------------------------------------------------------------------------------------------ fan_in_out


def fans(*shapes):
    """Shapes with the fans that counting gives."""
    return parametrize(("shape", "expected"), *((shape, oracle.fan_in_out(shape)) for shape in shapes))


@pytest.mark.task("fan_in_out")
@pytest.mark.weight(3)
@fans((6, 4, 3, 5), (2, 9, 4, 1), (5, 1, 2, 7), (1, 3, 6, 2))
def test_fan_in_out_rectangles(student, shape, expected):
    """Rectangular kernels, with more filters than channels or fewer."""
    assert_equal(student.fan_in_out(shape), expected, help="the kernel has kH * kW cells, and they count in both fans")


@pytest.mark.task("fan_in_out")
@pytest.mark.weight(2)
@fans((3, 5), (7, 1), (1, 6), (9, 2), (6, 4, 3), (2, 5, 7), (4, 3, 2, 5, 3), (3, 2, 1, 4, 2))
def test_fan_in_out_other_axes(student, shape, expected):
    """Dense layers of any width, and kernels with one axis or three."""
    assert_equal(student.fan_in_out(shape), expected, help="all axes after the first two belong to the kernel")


# ------------------------------------------------------------------------------------------------------- he_normal


@pytest.mark.task("he_normal")
@pytest.mark.weight(3)
@parametrize(("shape", "fan"), ((17000, 2, 1, 3), 6), ((40, 100, 5, 5), 2500), ((2500, 40), 40), ((3000, 6, 5), 30))
def test_he_normal_fan_in(student, shape, fan):
    """The variance is 2 / fan_in for every kind of layer."""
    spread(student.he_normal(shape, np.random.default_rng(fan)), shape, fan)


@pytest.mark.task("he_normal")
@pytest.mark.weight(3)
@parametrize(
    ("shape", "fan"), ((3, 11000, 1, 3), 9), ((100, 50, 3, 7), 2100), ((50, 2000), 50), ((5, 3000, 2, 1, 3), 30)
)
def test_he_normal_fan_out(student, shape, fan):
    """The variance is 2 / fan_out if asked for."""
    spread(student.he_normal(shape, np.random.default_rng(fan), "fan_out"), shape, fan)


@pytest.mark.task("he_normal")
@pytest.mark.weight(2)
@parametrize(("shape", "mode", "fan"), ((50, 100, 4, 5), "fan_in", 2000), ((400, 250), "fan_out", 400))
def test_he_normal_distribution(student, shape, mode, fan):
    """The weights are independent and normal, around 0."""
    weights = numbers(student.he_normal(shape, np.random.default_rng(17), mode=mode), shape)
    distinct = len(np.unique(weights))
    assert_that(distinct > 0.9 * weights.size, "independent weights", f"{distinct} values for {weights.size} weights")
    std = float(weights.std())
    mean = float(weights.mean())
    assert_that(abs(mean) < 0.03 * std, "a mean of 0", f"{mean:.4g} with a standard deviation of {std:.4g}")
    # Chance comes this near to the exact moments once in 1e9; whoever adjusts the weights does so each time.
    exact = abs(mean) < 1e-12 * std or abs(std / (2 / fan) ** 0.5 - 1) < 1e-12
    assert_that(not exact, "weights as drawn", "weights adjusted to have exactly the wanted mean or variance")
    z = weights / std
    third, fourth = float((z**3).mean()), float((z**4).mean())
    assert_that(abs(third) < 0.15, "a symmetric distribution", f"one with a skewness of {third:.2f}")
    text = "draw normal numbers, and keep those far from 0"
    assert_that(2.8 < fourth < 3.2, "a normal distribution, whose kurtosis is 3", f"{fourth:.2f}", help=text)
    farthest = float(np.abs(z).max())
    assert_that(farthest > 3.5, "some weights beyond 3.5 standard deviations", f"none beyond {farthest:.2f}", help=text)


@pytest.mark.task("he_normal")
@pytest.mark.depends("test_he_normal_array")
@pytest.mark.weight(2)
@parametrize(("shape", "mode"), ((5, 4, 3, 2), "fan_in"), ((7, 12), "fan_out"))
def test_he_normal_two_seeds(student, shape, mode):
    """One seed gives equal weights, two seeds give different ones."""
    first = numbers(student.he_normal(shape, np.random.default_rng(21), mode), shape)
    again = student.he_normal(shape, np.random.default_rng(21), mode)
    assert_allclose(again, first, help="every random number comes from rng")
    other = numbers(student.he_normal(shape, np.random.default_rng(22), mode), shape)
    assert_that(differ(first, other), "other weights for another seed", "nearly the same", help="use rng")


@pytest.mark.task("he_normal")
@pytest.mark.weight(2)
@pytest.mark.depends("test_he_normal_array")
def test_he_normal_moves_on(student):
    """Two calls with one generator give different weights."""
    shape = (5, 4, 3, 2)
    first, second = (numbers(weights, shape) for weights in pair(student.probe.draw_twice(shape, 23)))
    text = "draw from rng itself, neither from a copy of it nor from a generator of your own"
    assert_that(differ(first, second), "other weights in the second call", "nearly the same", help=text)
    assert_draws(student, shape)


@pytest.mark.task("he_normal")
@pytest.mark.depends("test_he_normal_array")
@pytest.mark.weight(2)
def test_he_normal_leaves_the_global_generator(student):
    """NumPy's global generator is neither used nor changed."""
    shape = (6, 3, 2, 4)
    text = "np.random.normal and its kin use a global generator: call the methods of rng"
    one, one_untouched = pair(student.probe.draw_beside_global(shape, 25, 1))
    two, two_untouched = pair(student.probe.draw_beside_global(shape, 25, 2))
    assert_allclose(two, numbers(one, shape), help=text)
    assert_equal((one_untouched, two_untouched), (True, True), help=text)
    assert_draws(student, shape)


def assert_draws(student, shape):
    """Two seeds give different weights: what a probe says of draws counts where there are any."""
    one, other = (numbers(student.he_normal(shape, np.random.default_rng(seed)), shape) for seed in (27, 28))
    assert_that(differ(one, other), "other weights for another seed", "nearly the same", help="draw from rng")


def differ(one, other):
    """Whether most of the elements differ."""
    return float((one != other).mean()) > 0.9


# ----------------------------------------------------------------------------------------------------- log_softmax


def log_softmax_cases(*arrays):
    """Arrays with what the oracle says."""
    return parametrize(("z", "expected"), *((z, oracle.log_softmax(z)) for z in arrays))


@pytest.mark.task("log_softmax")
@pytest.mark.weight(2)
@log_softmax_cases(
    scores(801, (5, 3)), scores(802, (2, 7)), scores(803, (4, 4)), scores(804, (1, 6)), scores(805, (6, 2))
)
def test_log_softmax_values(student, z, expected):
    """Batches of any size and any number of classes."""
    assert_allclose(student.log_softmax(z), expected, help="each row by itself, along the classes")


@pytest.mark.task("log_softmax")
@pytest.mark.weight(2)
@log_softmax_cases(
    scores(811, (3, 5)) + 1000,
    scores(812, (4, 2)) - 1e4,
    scores(813, (3, 6)) - [[0.0], [3000], [-3000]],
    scores(814, (2, 4)) - [[-8000.0], [8000]],
)
def test_log_softmax_large_rows(student, z, expected):
    """Rows of very large or very negative scores, alike or far apart."""
    assert_allclose(student.log_softmax(z), expected, help="only differences within a row matter")


@pytest.mark.task("log_softmax")
@pytest.mark.weight(2)
@log_softmax_cases(scores(831, (4, 6), 2500.0), scores(832, (3, 5), 900.0), scores(833, (2, 4), 1500.0))
def test_log_softmax_unlikely(student, z, expected):
    """Very unlikely classes have an exact log probability, too."""
    actual = student.log_softmax(z)
    text = "take no logarithm of a probability, which may round to 0"
    assert_shape(actual, expected.shape)
    assert_dtype(actual, "float64")
    # No float64 has a smaller logarithm than -745. In words, since the floor may lie anywhere above.
    floor = float(np.min(actual)) > -745 > float(expected.min())
    assert_that(not floor, "log probabilities far below -745", "none below -745, as if by a floor", help=text)
    assert_allclose(actual, expected, help=text)


def loose(array):
    """Whoever computes in float32 what came in float32 is right, too."""
    return {"rtol": 1e-5, "atol": 1e-6} if array.dtype == np.float32 else {}


@pytest.mark.task("log_softmax")
@pytest.mark.parametrize(
    ("z", "expected"), [(z, oracle.log_softmax(z.astype(np.float64))) for z in kinds(841, (4, 5))], ids=KINDS
)
def test_log_softmax_input_kinds(student, z, expected):
    """Integers and float32; the result is float64."""
    assert_allclose(student.log_softmax(z), expected, **loose(z), help="results are float64: convert z first")


@pytest.mark.task("log_softmax")
@pytest.mark.depends("test_log_softmax_by_hand")
def test_log_softmax_leaves_z(student):
    """The caller's array is not modified."""
    assert_unchanged(student.echo.log_softmax(scores(851, (4, 3))))


# --------------------------------------------------------------------------------------------------- cross_entropy


def cross_entropy_cases(*arguments):
    """Arguments with the loss and the gradient that the oracle gives."""
    found = ((args, *oracle.cross_entropy(*args)) for args in arguments)
    return parametrize(("args", "loss", "gradient"), *found)


PLAIN = cross_entropy_cases(batch(901, 5, 3), batch(902, 3, 8), batch(903, 4, 4), batch(904, 1, 6), batch(905, 7, 2))
SMOOTH = cross_entropy_cases(
    (*batch(911, 5, 3), 0.1), (*batch(912, 3, 8), 0.25), (*batch(913, 4, 4), 0.6), (*batch(914, 1, 5), 1.0)
)
EXTREME = cross_entropy_cases(
    batch(921, 5, 3, 0.7, 1000.0),
    batch(922, 3, 6, 2500.0),
    batch(923, 2, 4, 0.7, -1e4),
    (*batch(924, 4, 3, 2500.0), 0.2),
)


@pytest.mark.task("cross_entropy")
@pytest.mark.weight(3)
@PLAIN
def test_cross_entropy_loss(student, args, loss, gradient):
    """The loss of batches of any size."""
    assert_allclose(pair(student.cross_entropy(*args))[0], loss, help="summed over the classes, averaged over samples")


@pytest.mark.task("cross_entropy")
@pytest.mark.weight(3)
@PLAIN
def test_cross_entropy_gradient(student, args, loss, gradient):
    """The gradient of batches of any size."""
    assert_allclose(pair(student.cross_entropy(*args))[1], gradient, help="(softmax - target) / N")


@pytest.mark.task("cross_entropy")
@pytest.mark.weight(2)
@SMOOTH
def test_cross_entropy_smoothed_loss(student, args, loss, gradient):
    """The loss with label smoothing."""
    text = "each of the K classes gets label_smoothing / K, the true one as well"
    assert_allclose(pair(student.cross_entropy(*args))[0], loss, help=text)


@pytest.mark.task("cross_entropy")
@pytest.mark.weight(2)
@SMOOTH
def test_cross_entropy_smoothed_gradient(student, args, loss, gradient):
    """The gradient with label smoothing."""
    text = "the target in the gradient is the smoothed one, too"
    assert_allclose(pair(student.cross_entropy(*args))[1], gradient, help=text)


@pytest.mark.task("cross_entropy")
@pytest.mark.weight(2)
@EXTREME
def test_cross_entropy_extreme_loss(student, args, loss, gradient):
    """The loss of very large logits, and of very unlikely true classes."""
    actual = pair(student.cross_entropy(*args))[0]
    if loss > 745 and isinstance(actual, float | np.floating):
        # In words, since the most that a floor under the logarithm leaves may be any number.
        limited = "a loss of 745 or less, as if by a floor under the logarithm"
        assert_that(not 0 <= actual <= 745, "a loss far above 745", limited, help="build it on log_softmax")
    assert_allclose(actual, loss, help="build it on log_softmax")


@pytest.mark.task("cross_entropy")
@pytest.mark.weight(2)
@EXTREME
def test_cross_entropy_extreme_gradient(student, args, loss, gradient):
    """The gradient of very large logits."""
    assert_allclose(pair(student.cross_entropy(*args))[1], gradient, help="the softmax of large logits is finite")


def kind_case(logits):
    """Logits of some dtype, classes, and what the oracle says."""
    y = classes(931, *logits.shape)
    return logits, y, oracle.cross_entropy(logits.astype(np.float64), y, 0.1)


@pytest.mark.task("cross_entropy")
@pytest.mark.parametrize(("logits", "y", "expected"), [kind_case(z) for z in kinds(931, (5, 4))], ids=KINDS)
def test_cross_entropy_input_kinds(student, logits, y, expected):
    """Integers and float32; the gradient is float64."""
    actual = student.cross_entropy(logits, y, label_smoothing=0.1)
    assert_allclose(actual, expected, **loose(logits), help="results are float64: convert the logits first")


@pytest.mark.task("cross_entropy")
@pytest.mark.depends("test_cross_entropy_gradient")
@parametrize("smoothing", 0.0, 0.1)
def test_cross_entropy_leaves_its_arguments(student, smoothing):
    """The caller's arrays are not modified."""
    assert_unchanged(student.echo.cross_entropy(*batch(941, 5, 3), smoothing))
