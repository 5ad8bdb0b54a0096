"""The hidden checks of `pooling`: rectangles everywhere, sizes that don't divide, every convention of the stub."""

from __future__ import annotations

import numpy as np
import oracle
import pytest

from grader.testing import (
    assert_allclose,
    assert_dtype,
    assert_raises,
    assert_shape,
    assert_that,
    assert_unchanged,
)


def images(seed, shape, low=-4.0, high=4.0):
    """Random values without ties."""
    return np.random.default_rng(seed).uniform(low, high, shape)


def case(function, x, *args, **kwargs):
    """The input, the arguments after it and what the oracle says, computed once a session."""
    return x, args, kwargs, function(x, *args, **kwargs)


def parametrize(*cases):
    """One check over several cases."""
    return pytest.mark.parametrize(("x", "args", "kwargs", "expected"), cases, ids=list("abcdefgh"[: len(cases)]))


def input_kinds(seed, shape):
    """The same kind of image in other dtypes and memory layouts; float32 holds quarters, which it holds exactly."""
    rng = np.random.default_rng(seed)
    base = rng.uniform(-4, 4, shape)
    wide = rng.uniform(-4, 4, (*shape[:2], 2 * shape[2], shape[3] + 2))
    return (
        rng.integers(-50, 50, shape),
        rng.integers(200, 256, shape, dtype=np.uint8),
        (rng.integers(-40, 40, shape) / 4).astype(np.float32),
        base.transpose(3, 2, 1, 0).copy().transpose(3, 2, 1, 0),
        wide[:, :, ::2, -2:0:-1],
    )


def kind_cases(function, seed, shape, *args, **kwargs):
    """One check over all kinds of input."""
    cases = [case(function, x, *args, **kwargs) for x in input_kinds(seed, shape)]
    ids = ["integers", "uint8", "float32", "transposed", "sliced"]
    return pytest.mark.parametrize(("x", "args", "kwargs", "expected"), cases, ids=ids)


def nan_at(seed, shape, *places):
    """Random values with NaN at the given places."""
    x = images(seed, shape)
    for place in places:
        x[place] = np.nan
    return x


# ------------------------------------------------------------------------------------------------------ max_pool2d


@pytest.mark.task("max_pool2d")
@pytest.mark.weight(3)
@parametrize(
    case(oracle.max_pool2d, images(601, (2, 3, 7, 11)), (3, 2), stride=(2, 3)),
    case(oracle.max_pool2d, images(602, (1, 4, 6, 9)), 2, stride=1),
    case(oracle.max_pool2d, images(603, (3, 1, 8, 6)), (8, 3), stride=(3, 1)),
    case(oracle.max_pool2d, images(604, (4, 2, 9, 7)), 2, stride=(3, 4)),
)
def test_max_pool2d_rectangles(student, x, args, kwargs, expected):
    """Rectangular images, kernels and strides, in batches of any size."""
    assert_allclose(student.max_pool2d(x, *args, **kwargs), expected, help="every pair is (height, width)")


@pytest.mark.task("max_pool2d")
@pytest.mark.weight(3)
@parametrize(
    case(oracle.max_pool2d, images(611, (2, 3, 7, 8), -9, -1), (3, 5), stride=(2, 3), padding=(1, 2)),
    case(oracle.max_pool2d, images(612, (1, 2, 4, 5), -9, -1), 2, stride=1, padding=1),
    case(oracle.max_pool2d, images(613, (2, 1, 7, 6), -9, -1), (2, 5), stride=2, padding=(1, 2)),
    case(oracle.max_pool2d, images(614, (3, 2, 5, 7), -9e12, -1e12), (4, 3), stride=(1, 2), padding=(2, 0)),
)
def test_max_pool2d_negative_images(student, x, args, kwargs, expected):
    """Padding never wins, however negative the image is."""
    assert_allclose(student.max_pool2d(x, *args, **kwargs), expected, help="padding counts as minus infinity")


@pytest.mark.task("max_pool2d")
@pytest.mark.weight(2)
@parametrize(
    case(oracle.max_pool2d, images(621, (1, 2, 7, 10), -9, -1), 3, stride=2, padding=1, ceil_mode=True),
    case(oracle.max_pool2d, images(622, (3, 2, 8, 6), -9, -1), (4, 3), stride=(3, 1), padding=(2, 1), ceil_mode=True),
    case(oracle.max_pool2d, images(623, (2, 3, 5, 8)), (2, 3), ceil_mode=True),
    case(oracle.max_pool2d, images(624, (1, 3, 6, 7)), 4, stride=(3, 2), ceil_mode=True),
)
def test_max_pool2d_ceil_mode(student, x, args, kwargs, expected):
    """With ceil_mode, cells left over at the end get a window of their own."""
    assert_allclose(student.max_pool2d(x, *args, **kwargs), expected, help="the output's size is rounded up")


@pytest.mark.task("max_pool2d")
@pytest.mark.weight(2)
@parametrize(
    case(oracle.max_pool2d, images(631, (2, 3, 5, 8)), (2, 3), stride=(2, 4), ceil_mode=True),
    case(oracle.max_pool2d, images(632, (2, 1, 3, 4), -9, -1), (2, 3), stride=2, padding=1, ceil_mode=True),
    case(oracle.max_pool2d, images(633, (1, 3, 8, 10)), (1, 2), stride=3, ceil_mode=True),
    case(oracle.max_pool2d, images(634, (3, 2, 7, 5)), 2, stride=(2, 3), padding=(0, 1), ceil_mode=True),
)
def test_max_pool2d_last_window(student, x, args, kwargs, expected):
    """With ceil_mode, no window starts beyond the image."""
    assert_allclose(student.max_pool2d(x, *args, **kwargs), expected, help='see "the last window must start inside"')


NAN_MAX = (
    case(oracle.max_pool2d, nan_at(641, (2, 3, 4, 6), (0, 0, 0, 0), (1, 2, 2, 3)), 2, stride=(2, 3)),
    case(oracle.max_pool2d, nan_at(642, (1, 2, 5, 7), (0, 1, 1, 1), (0, 0, 3, 5)), 3, stride=2),
    case(oracle.max_pool2d, nan_at(643, (2, 1, 6, 4), (0, 0, 2, 1), (1, 0, 5, 3)), (3, 2)),
    case(oracle.max_pool2d, nan_at(644, (1, 3, 5, 6), (0, 2, 0, 1), (0, 0, 4, 2)), 3, stride=2, padding=1),
)


@pytest.mark.task("max_pool2d")
@pytest.mark.depends("test_max_pool2d_by_hand")
@parametrize(*NAN_MAX)
def test_max_pool2d_nan(student, x, args, kwargs, expected):
    """A window that holds NaN gives NaN, the others do not."""
    actual = student.max_pool2d(x, *args, **kwargs)
    assert_allclose(actual, expected, equal_nan=True, help="comparisons with NaN are always False")


@pytest.mark.task("max_pool2d")
@kind_cases(oracle.max_pool2d, 651, (2, 3, 5, 6), (2, 3), stride=(2, 1), padding=(0, 1))
def test_max_pool2d_input_kinds(student, x, args, kwargs, expected):
    """Integers, float32, and arrays that are not contiguous in memory; the result is float64."""
    assert_allclose(student.max_pool2d(x, *args, **kwargs), expected, help="results are float64")


@pytest.mark.task("max_pool2d")
@pytest.mark.depends("test_max_pool2d_by_hand")
def test_max_pool2d_leaves_x(student):
    """The caller's array is not modified."""
    assert_unchanged(student.echo.max_pool2d(images(661, (2, 3, 5, 6)), 3, stride=2, padding=1, ceil_mode=True))


# ------------------------------------------------------------------------------------------------------ avg_pool2d


@pytest.mark.task("avg_pool2d")
@pytest.mark.weight(2)
@parametrize(
    case(oracle.avg_pool2d, images(701, (2, 3, 7, 11)), (3, 2), stride=(2, 3)),
    case(oracle.avg_pool2d, images(702, (1, 4, 6, 9)), 2, stride=1),
    case(oracle.avg_pool2d, images(703, (3, 1, 8, 6)), (8, 3), stride=(3, 1)),
    case(oracle.avg_pool2d, images(704, (4, 2, 9, 7)), 2, stride=(3, 4), count_include_pad=False),
)
def test_avg_pool2d_rectangles(student, x, args, kwargs, expected):
    """Rectangular images, kernels and strides, in batches of any size."""
    assert_allclose(student.avg_pool2d(x, *args, **kwargs), expected, help="every pair is (height, width)")


@pytest.mark.task("avg_pool2d")
@pytest.mark.weight(2)
@parametrize(
    case(oracle.avg_pool2d, images(711, (2, 3, 7, 8)), (3, 5), stride=(2, 3), padding=(1, 2)),
    case(oracle.avg_pool2d, images(712, (1, 2, 4, 5)), 2, stride=1, padding=1, count_include_pad=True),
    case(oracle.avg_pool2d, images(713, (2, 1, 7, 6)), (2, 5), stride=2, padding=(1, 2)),
    case(oracle.avg_pool2d, images(714, (3, 2, 5, 7)), (4, 3), padding=(2, 0), count_include_pad=True),
)
def test_avg_pool2d_padding_counted(student, x, args, kwargs, expected):
    """Padding counts in the divisor unless asked otherwise."""
    assert_allclose(student.avg_pool2d(x, *args, **kwargs), expected, help="count_include_pad is True by default")


@pytest.mark.task("avg_pool2d")
@pytest.mark.weight(2)
@parametrize(
    case(oracle.avg_pool2d, images(721, (2, 3, 7, 8)), (3, 5), stride=(2, 3), padding=(1, 2), count_include_pad=False),
    case(oracle.avg_pool2d, images(722, (1, 2, 4, 5)), 2, stride=1, padding=1, count_include_pad=False),
    case(oracle.avg_pool2d, images(723, (2, 1, 7, 6)), (2, 5), stride=2, padding=(1, 2), count_include_pad=False),
    case(oracle.avg_pool2d, images(724, (3, 2, 5, 7)), (4, 3), padding=(2, 0), count_include_pad=False),
)
def test_avg_pool2d_padding_left_out(student, x, args, kwargs, expected):
    """Without count_include_pad, only cells of the image count."""
    assert_allclose(student.avg_pool2d(x, *args, **kwargs), expected, help="divide by the image cells in the window")


def overhang(seed, shape, *args, **kwargs):
    """An average with ceil_mode."""
    return case(oracle.avg_pool2d, images(seed, shape), *args, ceil_mode=True, **kwargs)


@pytest.mark.task("avg_pool2d")
@pytest.mark.weight(2)
@parametrize(
    overhang(731, (1, 2, 7, 10), 3, stride=2, padding=1),
    overhang(732, (3, 2, 8, 6), (4, 3), stride=(3, 1), padding=(2, 1), count_include_pad=False),
    overhang(733, (2, 3, 5, 8), (2, 3)),
    overhang(734, (1, 3, 6, 7), 4, stride=(3, 2), count_include_pad=False),
)
def test_avg_pool2d_overhang(student, x, args, kwargs, expected):
    """With ceil_mode, cells beyond the padded image never count."""
    text = "the divisor of an overhanging window is smaller than the kernel"
    assert_allclose(student.avg_pool2d(x, *args, **kwargs), expected, help=text)


@pytest.mark.task("avg_pool2d")
@parametrize(
    overhang(741, (2, 3, 5, 8), (2, 3), stride=(2, 4)),
    overhang(742, (2, 1, 3, 4), (2, 3), stride=2, padding=1),
    overhang(743, (1, 3, 8, 10), (1, 2), stride=3, count_include_pad=False),
    overhang(744, (3, 2, 7, 5), 2, stride=(2, 3), padding=(0, 1), count_include_pad=False),
)
def test_avg_pool2d_last_window(student, x, args, kwargs, expected):
    """With ceil_mode, no window starts beyond the image."""
    assert_allclose(student.avg_pool2d(x, *args, **kwargs), expected, help='see "the last window must start inside"')


@pytest.mark.task("avg_pool2d")
@pytest.mark.depends("test_avg_pool2d_by_hand")
@pytest.mark.parametrize("count", [True, False], ids=["counted", "left_out"])
def test_avg_pool2d_nan(student, count):
    """A window that holds NaN gives NaN."""
    x = nan_at(751, (2, 3, 5, 8), (1, 2, 4, 7))
    y = student.avg_pool2d(x, 3, stride=(2, 3), padding=1, count_include_pad=count)
    # Only the window that holds the NaN is looked at: a matrix product spreads it, and that is nobody's mistake here.
    last_cell_is_nan(y, (2, 3, 3, 3))


@pytest.mark.task("avg_pool2d")
@kind_cases(oracle.avg_pool2d, 761, (2, 3, 5, 6), (2, 3), stride=(2, 1), padding=(0, 1))
def test_avg_pool2d_input_kinds(student, x, args, kwargs, expected):
    """Integers, float32, and arrays that are not contiguous in memory; the result is float64."""
    actual = student.avg_pool2d(x, *args, **kwargs)
    assert_allclose(actual, expected, rtol=1e-6, help="results are float64, and a mean is rarely a whole number")


@pytest.mark.task("avg_pool2d")
@pytest.mark.depends("test_avg_pool2d_by_hand")
def test_avg_pool2d_leaves_x(student):
    """The caller's array is not modified."""
    assert_unchanged(student.echo.avg_pool2d(images(771, (2, 3, 5, 6)), 3, stride=2, padding=1, ceil_mode=True))


@pytest.mark.task("avg_pool2d")
@pytest.mark.depends("test_avg_pool2d_by_hand")
@pytest.mark.parametrize(("kernel", "padding"), [(5, 3), (3, 2), ((3, 6), (2, 1)), ((6, 3), (1, 2))], ids=list("abcd"))
def test_avg_pool2d_refuses_large_padding(student, kernel, padding):
    """Padding larger than half the kernel, on either axis, is a ValueError."""
    assert_raises(ValueError, student.avg_pool2d, images(781, (1, 2, 7, 8)), kernel, stride=2, padding=padding)


# ----------------------------------------------------------------------------------------------- global_avg_pool2d


@pytest.mark.task("global_avg_pool2d")
@pytest.mark.weight(2)
@parametrize(
    case(oracle.global_avg_pool2d, images(801, (2, 3, 5, 7))),
    case(oracle.global_avg_pool2d, images(802, (1, 4, 6, 3))),
    case(oracle.global_avg_pool2d, images(803, (5, 1, 2, 8), -9, -1)),
    case(oracle.global_avg_pool2d, images(804, (3, 2, 1, 4)) ** 3),
)
def test_global_avg_pool2d_values(student, x, args, kwargs, expected):
    """Maps of any height and width, batches of any size."""
    assert_allclose(student.global_avg_pool2d(x), expected, help="average over rows and columns, and over nothing else")


@pytest.mark.task("global_avg_pool2d")
@kind_cases(oracle.global_avg_pool2d, 811, (2, 3, 5, 4))
def test_global_avg_pool2d_input_kinds(student, x, args, kwargs, expected):
    """Integers, float32, and arrays that are not contiguous in memory; the result is float64."""
    assert_allclose(student.global_avg_pool2d(x), expected, rtol=1e-6, help="results are float64")


@pytest.mark.task("global_avg_pool2d")
@pytest.mark.depends("test_global_avg_pool2d_by_hand")
def test_global_avg_pool2d_leaves_x(student):
    """The caller's array is not modified."""
    assert_unchanged(student.echo.global_avg_pool2d(images(821, (2, 3, 5, 4))))


# --------------------------------------------------------------------------------------------- adaptive_avg_pool2d


@pytest.mark.task("adaptive_avg_pool2d")
@pytest.mark.weight(5)
@parametrize(
    case(oracle.adaptive_avg_pool2d, images(901, (2, 3, 7, 10)), (3, 4)),
    case(oracle.adaptive_avg_pool2d, images(902, (1, 4, 8, 5)), 3),
    case(oracle.adaptive_avg_pool2d, images(903, (3, 1, 11, 6)), (7, 4)),
    case(oracle.adaptive_avg_pool2d, images(904, (4, 2, 6, 9)), (2, 3)),
    case(oracle.adaptive_avg_pool2d, images(905, (2, 5, 4, 7)), (4, 1)),
)
def test_adaptive_avg_pool2d_smaller(student, x, args, kwargs, expected):
    """Outputs smaller than the image, whether or not the sizes divide."""
    text = "output i covers the cells from floor(i*n/o) to ceil((i+1)*n/o)"
    assert_allclose(student.adaptive_avg_pool2d(x, *args), expected, help=text)


@pytest.mark.task("adaptive_avg_pool2d")
@pytest.mark.weight(3)
@parametrize(
    case(oracle.adaptive_avg_pool2d, images(911, (2, 3, 4, 5)), (7, 8)),
    case(oracle.adaptive_avg_pool2d, images(912, (1, 2, 3, 7)), 5),
    case(oracle.adaptive_avg_pool2d, images(913, (3, 1, 6, 2)), (4, 6)),
    case(oracle.adaptive_avg_pool2d, images(914, (2, 4, 1, 3)), (3, 3)),
)
def test_adaptive_avg_pool2d_larger(student, x, args, kwargs, expected):
    """Outputs larger than the image on one axis or both."""
    assert_allclose(student.adaptive_avg_pool2d(x, *args), expected, help="the same formula serves o > n")


@pytest.mark.task("adaptive_avg_pool2d")
@kind_cases(oracle.adaptive_avg_pool2d, 921, (2, 3, 5, 6), (3, 4))
def test_adaptive_avg_pool2d_input_kinds(student, x, args, kwargs, expected):
    """Integers, float32, and arrays that are not contiguous in memory; the result is float64."""
    assert_allclose(student.adaptive_avg_pool2d(x, *args), expected, rtol=1e-6, help="results are float64")


@pytest.mark.task("adaptive_avg_pool2d")
@pytest.mark.depends("test_adaptive_avg_pool2d_by_hand")
def test_adaptive_avg_pool2d_leaves_x(student):
    """The caller's array is not modified."""
    assert_unchanged(student.echo.adaptive_avg_pool2d(images(931, (2, 3, 5, 6)), (3, 4)))


def last_cell_is_nan(y, shape):
    """`y` is float64 of `shape` and its last cell is NaN."""
    assert_shape(y, shape)
    assert_dtype(y, "float64")
    assert_that(bool(np.isnan(np.asarray(y)[-1, -1, -1, -1])), "NaN", "a number", help="NaN must not be skipped")
