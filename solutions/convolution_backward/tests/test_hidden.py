"""The checks that decide: rectangular everything, sizes that don't divide, random upstream gradients.

dx, dw and db have checks of their own, on the same cases: what is right in one of them earns its points whatever the
others are. Where one check is about all three, each of them is a case.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import oracle
import pytest
from layers import (
    BIAS,
    COLUMN,
    DILATION,
    DOUT,
    DTYPES,
    EVERYTHING,
    LAYOUT,
    MANY_PIXELS,
    MANY_WEIGHTS,
    PADDING,
    PLAIN,
    STRETCHED,
    STRIDE,
    Backward,
    W,
    X,
    layer,
    normal,
    quarters,
    spaced,
)

from grader.testing import Handle, assert_allclose, assert_dtype, assert_shape, assert_that, assert_unchanged

PARTS = {"dx": 0, "dw": 1, "db": 2}


class Gradient(NamedTuple):
    """One call of the probe ``gradient`` with the gradient it leads to and the eps that was meant."""

    args: tuple[Any, ...]
    expected: np.ndarray
    eps: float


def slope(x: np.ndarray, weights: np.ndarray, eps: float | None = None, transposed: bool = False) -> Gradient:
    """The call ``gradient(x, weights, eps, transposed)`` and what it leads to."""
    real = 1e-5 if eps is None else eps
    expected = oracle.numerical_grad(x, weights, real)
    return Gradient((x, weights, eps, transposed), expected.T if transposed else expected, real)


def cases(**named: Any) -> pytest.MarkDecorator:
    """Parametrise ``case`` over ``named``."""
    return pytest.mark.parametrize("case", list(named.values()), ids=list(named))


def each_part() -> pytest.MarkDecorator:
    """Parametrise ``part`` over dx, dw and db."""
    return pytest.mark.parametrize("part", list(PARTS.values()), ids=list(PARTS))


def one_of_three(value: Any, part: int) -> Any:
    """The wanted one of three values; a CheckFailure if they are not three."""
    three = list(value) if isinstance(value, tuple | list | Handle) else []
    assert_that(len(three) == 3, "a tuple (dx, dw, db)", f"{len(three)} values" if three else "something else")
    return three[part]


def compare_part(value: Any, case: Backward, part: int) -> None:
    """Compare one of the three results of ``conv2d_backward``."""
    actual = one_of_three(value, part)
    if part == PARTS["dx"] and case.unreached.any():
        assert_dtype(actual, "float64")
        assert_shape(actual, case.unreached.shape)
        # In words, since any number may stand there.
        zero = not np.asarray(actual)[case.unreached].any()
        assert_that(zero, "0 at the pixels that no window reached", "another number at one of them")
    assert_allclose(actual, case.expected[part])


def check_part(student: Any, case: Backward, part: int) -> None:
    """Call ``conv2d_backward`` and compare one of its three results."""
    compare_part(student.conv2d_backward(*case.args, **case.options), case, part)


# ------------------------------------------------------------------------------------------------ conv2d_backward


@pytest.mark.task("conv2d_backward")
@pytest.mark.weight(6)
@pytest.mark.parametrize(
    ("case", "part"),
    [(MANY_PIXELS, PARTS["dx"]), (MANY_WEIGHTS, PARTS["dw"]), (MANY_PIXELS, PARTS["db"])],
    ids=list(PARTS),
)
def test_backward_large_layer(student: Any, case: Backward, part: int) -> None:
    """A large image and a large set of weights, in no time: by the formulas, not by differences."""
    check_part(student, case, part)


@pytest.mark.task("conv2d_backward")
@pytest.mark.weight(3)
@cases(**PLAIN)
def test_dx_values(student: Any, case: Backward) -> None:
    """dx without any option, from one tap to a kernel as large as the image."""
    check_part(student, case, PARTS["dx"])


@pytest.mark.task("conv2d_backward")
@pytest.mark.weight(3)
@cases(**STRIDE)
def test_dx_stride(student: Any, case: Backward) -> None:
    """dx with windows further apart, and pixels that none of them reached."""
    check_part(student, case, PARTS["dx"])


@pytest.mark.task("conv2d_backward")
@pytest.mark.weight(3)
@cases(**PADDING)
def test_dx_padding(student: Any, case: Backward) -> None:
    """dx when the image was padded: on both axes, on one, by more than the kernel."""
    check_part(student, case, PARTS["dx"])


@pytest.mark.task("conv2d_backward")
@pytest.mark.weight(2)
@cases(**DILATION)
def test_dx_dilation(student: Any, case: Backward) -> None:
    """dx with gaps between the taps."""
    check_part(student, case, PARTS["dx"])


@pytest.mark.task("conv2d_backward")
@pytest.mark.weight(2)
@cases(**EVERYTHING)
def test_dx_everything(student: Any, case: Backward) -> None:
    """dx with all options together."""
    check_part(student, case, PARTS["dx"])


@pytest.mark.task("conv2d_backward")
@pytest.mark.weight(3)
@cases(**PLAIN)
def test_dw_values(student: Any, case: Backward) -> None:
    """dw without any option, from one tap to a kernel as large as the image."""
    check_part(student, case, PARTS["dw"])


@pytest.mark.task("conv2d_backward")
@pytest.mark.weight(2)
@cases(**STRIDE)
def test_dw_stride(student: Any, case: Backward) -> None:
    """dw with windows further apart."""
    check_part(student, case, PARTS["dw"])


@pytest.mark.task("conv2d_backward")
@pytest.mark.weight(2)
@cases(**PADDING)
def test_dw_padding(student: Any, case: Backward) -> None:
    """dw when the image was padded."""
    check_part(student, case, PARTS["dw"])


@pytest.mark.task("conv2d_backward")
@pytest.mark.weight(2)
@cases(**DILATION)
def test_dw_dilation(student: Any, case: Backward) -> None:
    """dw with gaps between the taps."""
    check_part(student, case, PARTS["dw"])


@pytest.mark.task("conv2d_backward")
@pytest.mark.weight(2)
@cases(**EVERYTHING)
def test_dw_everything(student: Any, case: Backward) -> None:
    """dw with all options together."""
    check_part(student, case, PARTS["dw"])


@pytest.mark.task("conv2d_backward")
@pytest.mark.weight(3)
@cases(**BIAS)
def test_db_values(student: Any, case: Backward) -> None:
    """db is one sum for each filter, whichever axis has the same length."""
    check_part(student, case, PARTS["db"])


@pytest.mark.task("conv2d_backward")
@pytest.mark.weight(3)
@each_part()
@cases(**DTYPES)
def test_backward_dtypes(student: Any, case: Backward, part: int) -> None:
    """float64 comes back, whatever goes in."""
    check_part(student, case, part)


@pytest.mark.task("conv2d_backward")
@pytest.mark.weight(2)
@each_part()
@pytest.mark.parametrize("layout", ["transposed", "sliced", "stretched"])
def test_backward_layouts(student: Any, layout: str, part: int) -> None:
    """Views with any strides, and a read-only upstream gradient."""
    case = STRETCHED if layout == "stretched" else LAYOUT
    if layout == "transposed":
        value = student.probe.on_transposed(DOUT.T, X.T, W.T, **LAYOUT.options)
    elif layout == "sliced":
        value = student.probe.on_slices(spaced(DOUT), spaced(X), spaced(W), **LAYOUT.options)
    else:
        value = student.probe.on_stretched(COLUMN, X, W, 2, **LAYOUT.options)
    compare_part(value, case, part)


@pytest.mark.task("conv2d_backward")
@pytest.mark.depends("test_dx_values", "test_dw_values", "test_db_values")
@pytest.mark.weight(2)
@cases(
    plain=layer(151, (2, 3, 5, 6), (4, 3, 3, 2)), options=layer(154, (2, 3, 5, 4), (3, 3, 2, 3), stride=2, padding=1)
)
def test_backward_keeps_its_arguments(student: Any, case: Backward) -> None:
    """Upstream gradient, image and weights are not changed."""
    assert_unchanged(student.echo.conv2d_backward(*case.args, **case.options))


# ------------------------------------------------------------------------------------------------- numerical_grad


def check_slope(student: Any, case: Gradient) -> None:
    """Call ``numerical_grad`` and compare; rounding alone makes some 1e-9, a one-sided difference 1e-5."""
    value = student.probe.gradient(*case.args)
    assert_allclose(one_of_three(value, 0), case.expected, rtol=1e-7, atol=1e-7)
    reach = one_of_three(value, 2)
    assert_allclose(reach, case.eps, rtol=1e-3, help="each element is moved by eps, up and down")


@pytest.mark.task("numerical_grad")
@pytest.mark.weight(5)
@cases(
    vector=slope(normal(201, 5), normal(202, 5)),
    matrix=slope(normal(203, 2, 3), normal(204, 2, 3)),
    square=slope(normal(205, 3, 3), normal(206, 3, 3)),
    images=slope(normal(207, 2, 1, 3, 2), normal(208, 2, 1, 3, 2)),
    transposed=slope(normal(209, 2, 4), normal(210, 2, 4), None, True),
)
def test_numerical_grad_values(student: Any, case: Gradient) -> None:
    """Any number of axes, any memory layout."""
    check_slope(student, case)


@pytest.mark.task("numerical_grad")
@pytest.mark.weight(3)
@cases(
    half=slope(normal(211, 2, 3), normal(212, 2, 3), 0.5),
    two=slope(normal(213, 4), normal(214, 4), 2.0),
)
def test_numerical_grad_eps(student: Any, case: Gradient) -> None:
    """Steps so wide that the exact formula shows, one element at a time."""
    check_slope(student, case)


@pytest.mark.task("numerical_grad")
@pytest.mark.weight(2)
@cases(
    integers=slope(np.array([[2, -1, 0], [1, 3, -2]]), normal(215, 2, 3)),
    float32=slope(quarters(216, 3, 2), normal(217, 3, 2)),
)
def test_numerical_grad_dtypes(student: Any, case: Gradient) -> None:
    """The steps are taken in float64, whatever goes in."""
    check_slope(student, case)


@pytest.mark.task("numerical_grad")
@pytest.mark.depends("test_numerical_grad_values")
@pytest.mark.weight(2)
@cases(
    small_steps=slope(normal(218, 2, 3), normal(219, 2, 3)),
    wide_steps=slope(normal(220, 3, 2), normal(221, 3, 2), 0.5),
)
def test_numerical_grad_restores_x(student: Any, case: Gradient) -> None:
    """x holds its old values afterwards."""
    value = student.probe.gradient(*case.args)
    after = one_of_three(value, 1)
    assert_allclose(after, case.args[0], help="put each element back before you move the next")


# ------------------------------------------------------------------------------------------------------ rel_error


class Difference(NamedTuple):
    """One call of ``rel_error`` with its result."""

    args: tuple[np.ndarray, np.ndarray]
    expected: float


def difference(a: Any, b: Any) -> Difference:
    """``rel_error(a, b)`` and what it gives."""
    a, b = np.asarray(a), np.asarray(b)
    return Difference((a, b), oracle.rel_error(a, b))


@pytest.mark.task("rel_error")
@pytest.mark.weight(3)
@cases(
    random=difference(normal(231, 2, 3, 4), normal(231, 2, 3, 4) + 1e-3 * normal(232, 2, 3, 4)),
    small_next_to_large=difference([1000.0, 0.001], [1001.0, 0.002]),
    first_is_smaller=difference([1.0, 5.0, -3.0], [3.0, 4.9, -3.0]),
    first_is_larger=difference([[3.0, 4.9], [-2.0, -2.5]], [[1.0, 5.0], [-2.0, -2.0]]),
    integers=difference([7, -2, 3], [5, -2, 3]),
    uint8=difference(np.array([250, 7], np.uint8), np.array([251, 9], np.uint8)),
    # -(-128) is no int8.
    int8=difference(np.array([-128, -120, 5], np.int8), np.array([-120, -128, 5], np.int8)),
)
def test_rel_error_values(student: Any, case: Difference) -> None:
    """The largest ratio, not the ratio of the largest."""
    assert_allclose(student.rel_error(*case.args), case.expected, rtol=1e-12, atol=0)


@pytest.mark.task("rel_error")
@pytest.mark.depends("test_rel_error_values")  # two of these are 1 by nature, which a constant would earn
@pytest.mark.weight(2)
@cases(
    opposite_signs=difference([2.0, 5.0], [-3.0, 5.0]),
    near_zero=difference([2e-9, 0.0], [-3e-9, 0.0]),
    above_the_floor=difference([1e-8, 1.0], [3e-8, 1.0]),
    one_zero=difference([0.0, 2.0], [1e-3, 2.0]),
)
def test_rel_error_ends_of_the_scale(student: Any, case: Difference) -> None:
    """Opposite signs, a zero on one side, and numbers so small that the 1e-8 counts, or just doesn't."""
    assert_allclose(student.rel_error(*case.args), case.expected, rtol=1e-12, atol=0)


@pytest.mark.task("rel_error")
@pytest.mark.depends("test_rel_error_values")
def test_rel_error_keeps_its_arguments(student: Any) -> None:
    """Neither array is changed."""
    assert_unchanged(student.echo.rel_error(normal(233, 2, 3), normal(234, 2, 3)))
