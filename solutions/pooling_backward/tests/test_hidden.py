"""The hidden checks of `pooling_backward`: rectangles, gradients of both signs, every convention of the stub."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import oracle
import pytest

from grader.testing import assert_allclose, assert_dtype, assert_shape, assert_that, assert_unchanged


class Gradient(NamedTuple):
    """What the oracle says, and the cells that no window reaches."""

    dx: np.ndarray
    unreached: np.ndarray


def images(seed, shape, low=-4.0, high=4.0):
    """Random values without ties."""
    return np.random.default_rng(seed).uniform(low, high, shape)


def upstream(seed, shape):
    """A random gradient of both signs, nowhere near 0."""
    rng = np.random.default_rng(seed + 5000)
    return rng.uniform(0.5, 3.0, shape) * rng.choice([-1.0, 1.0], shape)


def parametrize(*cases):
    """One check over several cases."""
    return pytest.mark.parametrize(("given", "kwargs", "expected"), cases, ids=list("abcdefgh"[: len(cases)]))


def gradient(dx, dout, kernel, stride=None, padding=0):
    """`dx`, with the cells that no window of this pooling reaches."""
    shares = oracle.avg_pool2d_backward(np.ones(dout.shape), dx.shape, kernel, stride, padding)
    return Gradient(dx, shares == 0)


def assert_gradient(actual, expected, help):
    """0 at the cells that no window reaches, in words since any number may stand there; then the whole."""
    if expected.unreached.any():
        assert_dtype(actual, "float64")
        assert_shape(actual, expected.dx.shape)
        zero = not np.asarray(actual)[expected.unreached].any()
        assert_that(zero, "0 at the cells that no window reaches", "another number at one of them", help=help)
    assert_allclose(actual, expected.dx, help=help)


def max_case(seed, x, *args, **kwargs):
    """The arguments of a max_pool2d_backward and what the oracle says, computed once a session."""
    dout = upstream(seed, oracle.out_shape(x.shape, *args, **kwargs))
    dx = oracle.max_pool2d_backward(dout, x, *args, **kwargs)
    return (dout, x, *args), kwargs, gradient(dx, dout, *args, **kwargs)


def avg_case(seed, x_shape, *args, count=None, **kwargs):
    """The same for avg_pool2d_backward; `count` is left to its default where it is None."""
    dout = upstream(seed, oracle.out_shape(x_shape, *args, **kwargs))
    counting = {} if count is None else {"count_include_pad": count}
    dx = oracle.avg_pool2d_backward(dout, x_shape, *args, **kwargs, **counting)
    return (dout, x_shape, *args), {**kwargs, **counting}, gradient(dx, dout, *args, **kwargs)


def dout_kinds(seed, shape):
    """Gradients of other dtypes; float32 holds quarters, which it holds exactly."""
    rng = np.random.default_rng(seed)
    whole = rng.integers(1, 50, shape)
    return whole * rng.choice([-1, 1], shape), (whole / 4).astype(np.float32), rng.integers(200, 256, shape, np.uint8)


# --------------------------------------------------------------------------------------------- max_pool2d_backward


@pytest.mark.task("max_pool2d_backward")
@pytest.mark.weight(3)
@parametrize(
    max_case(101, images(101, (2, 3, 6, 9)), (2, 3)),
    max_case(102, images(102, (1, 4, 8, 6)), (4, 2), stride=None),
    max_case(103, images(103, (3, 1, 4, 10), -9, -1), (1, 5)),
    max_case(104, images(104, (4, 2, 5, 6), 1, 9), (5, 2), (5, 2), 0),
)
def test_max_backward_side_by_side(student, given, kwargs, expected):
    """Rectangular windows side by side, in batches of any size."""
    assert_gradient(student.max_pool2d_backward(*given, **kwargs), expected, help="every pair is (height, width)")


@pytest.mark.task("max_pool2d_backward")
@pytest.mark.weight(4)
@parametrize(
    max_case(111, images(111, (2, 3, 7, 9)), 3, stride=2),
    max_case(112, images(112, (1, 4, 5, 8), -9, -1), (2, 3), stride=1),
    max_case(113, images(113, (3, 1, 9, 7)), (4, 3), stride=(3, 1)),
    max_case(114, images(114, (2, 2, 6, 10)), (3, 5), stride=(1, 2)),
)
def test_max_backward_overlaps(student, given, kwargs, expected):
    """Overlapping windows: gradients that meet in one cell are added."""
    actual = student.max_pool2d_backward(*given, **kwargs)
    assert_gradient(actual, expected, help="a cell may win in several windows")


@pytest.mark.task("max_pool2d_backward")
@pytest.mark.weight(2)
@parametrize(
    max_case(121, images(121, (2, 3, 8, 11)), (2, 3), stride=(3, 4)),
    max_case(122, images(122, (1, 2, 7, 8)), (3, 5)),
    max_case(123, images(123, (3, 2, 9, 6), 1, 9), (2, 1), stride=(2, 4)),
)
def test_max_backward_gaps(student, given, kwargs, expected):
    """Cells that no window reaches get 0, between windows and at the end."""
    assert_gradient(
        student.max_pool2d_backward(*given, **kwargs), expected, help="what was never read has no influence"
    )


@pytest.mark.task("max_pool2d_backward")
@pytest.mark.weight(4)
@parametrize(
    max_case(131, images(131, (2, 3, 6, 9), -9, -1), (2, 4), stride=(2, 3), padding=(1, 2)),
    max_case(132, images(132, (1, 2, 7, 5), -9, -1), 3, stride=(2, 1), padding=(1, 0)),
    max_case(133, images(133, (3, 1, 5, 8), -9e40, -1e40), (3, 5), (2, 3), (0, 2)),
    max_case(134, images(134, (2, 2, 3, 6)), (4, 2), stride=2, padding=(2, 1)),
)
def test_max_backward_padding(student, given, kwargs, expected):
    """Padding never wins, however negative the image is, and keeps no gradient."""
    text = "rows of the padded image are not rows of the image: row 0 of x is row pH there"
    assert_gradient(student.max_pool2d_backward(*given, **kwargs), expected, help=text)


def levels(seed, shape, low, high):
    """Whole numbers from a short range, so that most windows hold ties."""
    return np.random.default_rng(seed).integers(low, high + 1, shape).astype(np.float64)


@pytest.mark.task("max_pool2d_backward")
@pytest.mark.weight(4)
@parametrize(
    max_case(141, np.maximum(images(141, (2, 3, 6, 8), -4, 1), 0), 2),
    max_case(142, levels(142, (1, 4, 7, 9), 1, 2), (3, 4), stride=(2, 3)),
    max_case(143, levels(143, (3, 2, 5, 6), -3, -2), 3, stride=2, padding=1),
    max_case(144, np.full((2, 1, 5, 7), -1.5), (3, 2), stride=1, padding=(1, 1)),
)
def test_max_backward_ties(student, given, kwargs, expected):
    """Equal maxima: the first in row-major order takes the whole gradient."""
    actual = student.max_pool2d_backward(*given, **kwargs)
    assert_gradient(actual, expected, help="one winner for each window: rows from the top, each from left to right")


def almost_equal(seed, shape, step):
    """Values that differ, but by very little."""
    order = np.random.default_rng(seed).permutation(int(np.prod(shape)))
    return 3.0 + step * order.reshape(shape)


@pytest.mark.task("max_pool2d_backward")
@pytest.mark.weight(2)
@parametrize(
    max_case(151, almost_equal(151, (2, 3, 6, 4), 1e-7), (3, 2)),
    max_case(152, -almost_equal(152, (1, 2, 5, 7), 1e-10), 3, stride=2),
)
def test_max_backward_almost_equal(student, given, kwargs, expected):
    """Values that are almost equal are no tie."""
    actual = student.max_pool2d_backward(*given, **kwargs)
    assert_gradient(actual, expected, help="compare in float64 and exactly")


def max_kinds():
    """Other dtypes of x, padded, then of dout; no ties."""
    shape, kernel, padded = (2, 3, 5, 6), (2, 3), {"stride": (2, 1), "padding": (1, 0)}
    order = np.random.default_rng(161).permutation(180).reshape(shape)
    yield from (
        max_case(161, x, kernel, **padded)
        for x in (order - 90, (order + 60).astype(np.uint8), (order / 4 - 50).astype(np.float32))
    )
    for dout in dout_kinds(162, oracle.out_shape(shape, kernel, 1)):
        x = images(162, shape)
        yield (dout, x, kernel, 1), {}, gradient(oracle.max_pool2d_backward(dout, x, kernel, 1), dout, kernel, 1)


@pytest.mark.task("max_pool2d_backward")
@pytest.mark.weight(2)
@parametrize(*max_kinds())
def test_max_backward_input_kinds(student, given, kwargs, expected):
    """Integers and float32, in x or in dout; the result is float64."""
    assert_gradient(student.max_pool2d_backward(*given, **kwargs), expected, help="results are float64")


@pytest.mark.task("max_pool2d_backward")
@pytest.mark.weight(2)
@pytest.mark.depends("test_max_backward_by_hand")
@parametrize(
    max_case(171, images(171, (2, 3, 5, 6)), 3, stride=2, padding=1),
    max_case(172, images(172, (1, 2, 4, 6)), 2),
    max_case(173, np.maximum(images(173, (1, 3, 6, 4)), 0), (3, 2), stride=(2, 1)),
    max_case(174, levels(174, (2, 1, 4, 5), -2, -1), 2, stride=1, padding=1),
)
def test_max_backward_leaves_arguments(student, given, kwargs, expected):
    """Neither dout nor x is modified."""
    assert_unchanged(student.echo.max_pool2d_backward(*given, **kwargs))


# --------------------------------------------------------------------------------------------- avg_pool2d_backward


@pytest.mark.task("avg_pool2d_backward")
@pytest.mark.weight(3)
@parametrize(
    avg_case(201, (2, 3, 6, 9), (2, 3)),
    avg_case(202, (1, 4, 8, 6), (4, 2), stride=None, count=False),
    avg_case(203, (3, 1, 4, 10), (1, 5)),
    avg_case(204, (4, 2, 5, 6), (5, 2), (5, 2), 0, count=True),
)
def test_avg_backward_side_by_side(student, given, kwargs, expected):
    """Rectangular windows side by side, in batches of any size."""
    assert_gradient(student.avg_pool2d_backward(*given, **kwargs), expected, help="every pair is (height, width)")


@pytest.mark.task("avg_pool2d_backward")
@pytest.mark.weight(3)
@parametrize(
    avg_case(211, (2, 3, 7, 9), 3, stride=2),
    avg_case(212, (1, 4, 5, 8), (2, 3), stride=1, count=False),
    avg_case(213, (3, 1, 9, 7), (4, 3), stride=(3, 1)),
    avg_case(214, (2, 2, 6, 10), (3, 5), stride=(1, 2)),
)
def test_avg_backward_overlaps(student, given, kwargs, expected):
    """Overlapping windows: shares that meet in one cell are added."""
    actual = student.avg_pool2d_backward(*given, **kwargs)
    assert_gradient(actual, expected, help="a cell may lie in several windows")


@pytest.mark.task("avg_pool2d_backward")
@pytest.mark.weight(2)
@parametrize(
    avg_case(221, (2, 3, 8, 11), (2, 3), stride=(3, 4)),
    avg_case(222, (1, 2, 7, 8), (3, 5), count=False),
    avg_case(223, (3, 2, 9, 6), (2, 1), stride=(2, 4)),
)
def test_avg_backward_gaps(student, given, kwargs, expected):
    """Cells that no window reaches get 0, between windows and at the end."""
    assert_gradient(
        student.avg_pool2d_backward(*given, **kwargs), expected, help="what was never read has no influence"
    )


PADDED = (
    ((2, 3, 6, 9), (2, 4), {"stride": (2, 3), "padding": (1, 2)}),
    ((1, 2, 7, 5), 3, {"stride": (2, 1), "padding": (1, 0)}),
    ((3, 1, 5, 8), (3, 5), {"stride": (2, 3), "padding": (0, 2)}),
    ((2, 2, 3, 6), (4, 2), {"stride": 2, "padding": (2, 1)}),
)


@pytest.mark.task("avg_pool2d_backward")
@pytest.mark.weight(2)
@parametrize(
    *(avg_case(231 + i, shape, kernel, **kwargs) for i, (shape, kernel, kwargs) in enumerate(PADDED)),
    avg_case(235, (2, 1, 4, 7), 3, 2, 1, count=True),
)
def test_avg_backward_padding_counted(student, given, kwargs, expected):
    """Padding counts in the divisor unless asked otherwise."""
    actual = student.avg_pool2d_backward(*given, **kwargs)
    assert_gradient(actual, expected, help="count_include_pad is True by default")


@pytest.mark.task("avg_pool2d_backward")
@pytest.mark.weight(3)
@parametrize(*(avg_case(241 + i, shape, kernel, count=False, **kw) for i, (shape, kernel, kw) in enumerate(PADDED)))
def test_avg_backward_padding_left_out(student, given, kwargs, expected):
    """Without count_include_pad, a window divides by its image cells."""
    actual = student.avg_pool2d_backward(*given, **kwargs)
    assert_gradient(actual, expected, help="windows at a border hold fewer image cells, and their shares are larger")


def avg_kinds():
    """Other dtypes of dout; shares of eighths, so that float32 loses nothing on the way."""
    shape, kernel = (2, 3, 5, 6), (2, 4)
    for dout in dout_kinds(251, oracle.out_shape(shape, kernel, 1)):
        dx = oracle.avg_pool2d_backward(dout, shape, kernel, 1)
        yield (dout, shape, kernel, 1), {}, gradient(dx, dout, kernel, 1)


@pytest.mark.task("avg_pool2d_backward")
@parametrize(*avg_kinds())
def test_avg_backward_input_kinds(student, given, kwargs, expected):
    """Integers and float32 in dout; the result is float64."""
    text = "results are float64, and a share is rarely a whole number"
    assert_gradient(student.avg_pool2d_backward(*given, **kwargs), expected, help=text)


@pytest.mark.task("avg_pool2d_backward")
@pytest.mark.weight(2)
@pytest.mark.depends("test_avg_backward_by_hand")
@parametrize(
    avg_case(261, (2, 3, 5, 6), 3, stride=2, padding=1),
    avg_case(262, (1, 2, 4, 6), 2, count=False),
)
def test_avg_backward_leaves_dout(student, given, kwargs, expected):
    """The caller's gradient is not modified."""
    assert_unchanged(student.echo.avg_pool2d_backward(*given, **kwargs))


# -------------------------------------------------------------------------------------- global_avg_pool2d_backward


def global_case(dout, height, width):
    """The arguments of a global_avg_pool2d_backward and what the oracle says."""
    x_shape = (*dout.shape, height, width)
    return (dout, x_shape), {}, oracle.global_avg_pool2d_backward(dout, x_shape)


@pytest.mark.task("global_avg_pool2d_backward")
@pytest.mark.weight(4)
@parametrize(
    global_case(upstream(301, (2, 3)), 5, 7),
    global_case(upstream(302, (1, 4)), 6, 3),
    global_case(upstream(303, (5, 1)), 2, 8),
    global_case(upstream(304, (3, 3)), 3, 3),
)
def test_global_backward_values(student, given, kwargs, expected):
    """Maps of any height and width, batches of any size."""
    assert_allclose(student.global_avg_pool2d_backward(*given), expected, help="divide by the cells of one map")


@pytest.mark.task("global_avg_pool2d_backward")
@parametrize(*(global_case(dout, 4, 8) for dout in dout_kinds(311, (2, 3))))
def test_global_backward_input_kinds(student, given, kwargs, expected):
    """Integers and float32 in dout; the result is float64."""
    assert_allclose(student.global_avg_pool2d_backward(*given), expected, help="results are float64")


@pytest.mark.task("global_avg_pool2d_backward")
@pytest.mark.depends("test_global_backward_by_hand")
def test_global_backward_leaves_dout(student):
    """The caller's gradient is not modified."""
    assert_unchanged(student.echo.global_avg_pool2d_backward(upstream(321, (2, 3)), (2, 3, 4, 5)))
