"""Comparisons: each stage in its order, tolerance, NaN, numbers and sequences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from grader.core.errors import CheckFailure, Mismatch, WrongDtype, WrongShape
from grader.core.failure import STAGES
from grader.core.topic import Tolerance
from grader.testing import assert_allclose, assert_equal, tolerance
from grader.tests.comparing import HANDLE, INF, NAN, X, changed, failure, silent

# ------------------------------------------------------------------------------------------------- stage by stage


@pytest.mark.parametrize(
    ("actual", "words"),
    [
        (None, "None"),
        (HANDLE, "an array of an unusual dtype"),
        ("SECRET", "str"),
        (X.tolist(), "list"),
        ((X,), "tuple"),
        (1.5, "float"),
        (np.float64(1.5), "float64"),
        (torch.zeros(2, 3), "tensor float32 2×3"),
        (slice(None), "slice"),
    ],
)
def test_the_type_comes_first(actual: Any, words: str) -> None:
    """What is no array is told so, whatever it holds."""
    found = failure(WrongDtype, assert_allclose, actual, X)
    assert (found.stage, found.expected, found.actual) == ("type", "ndarray float64 2×3", words)


def test_a_tensor_is_expected_by_its_words() -> None:
    """An array is none."""
    found = failure(WrongDtype, assert_allclose, X, torch.zeros(2, 3))
    assert (found.stage, found.expected, found.actual) == ("type", "tensor float32 2×3", "ndarray float64 2×3")


@pytest.mark.parametrize(
    ("actual", "expected", "names"),
    [
        (X.astype(np.float32), X, ("float64", "float32")),
        (X.astype(int), X, ("float64", "int64")),
        (X.astype(complex), X, ("float64", "complex128")),
        (X.astype(bool), X.astype(int), ("int64", "bool")),
        (torch.zeros(2).double(), torch.zeros(2), ("float32", "float64")),
        (torch.zeros(2).bfloat16(), torch.zeros(2), ("float32", "bfloat16")),
        (np.float32(1), np.array(1.0), ("float64", "float32")),
    ],
)
def test_the_dtype_comes_second(actual: Any, expected: Any, names: tuple[str, str]) -> None:
    """Unless it is of no account."""
    found = failure(WrongDtype, assert_allclose, actual, expected)
    assert (found.stage, found.expected, found.actual) == ("dtype", *names)
    if expected is X:
        assert_allclose(actual, expected, check_dtype=False)


@pytest.mark.parametrize(
    ("shape", "axis"),
    [((2, 4), 1), ((1, 3), 0), ((3, 2), 0), ((6,), None), ((2, 3, 1), None), ((), None), ((0, 3), 0)],
)
def test_the_shape_comes_third(shape: tuple[int, ...], axis: int | None) -> None:
    """With the first axis that differs, where there are as many."""
    for actual, expected in ((np.full(shape, NAN), X), (torch.full(shape, NAN), torch.zeros(2, 3))):
        found = failure(WrongShape, assert_allclose, actual, expected)
        assert (found.stage, found.expected, found.actual, found.axis) == ("shape", "(2, 3)", str(shape), axis)


@pytest.mark.parametrize(("value", "words"), [(NAN, "NaN"), (INF, "infinity"), (-INF, "infinity")])
def test_what_is_not_finite_comes_fourth(value: float, words: str) -> None:
    """Before any value that is only wrong."""
    actual = changed(changed(X, (0, 0), 99.0), (1, 1), value)
    for mine, target in ((actual, X), (torch.tensor(actual), torch.tensor(X))):
        found = failure(Mismatch, assert_allclose, mine, target)
        assert (found.stage, found.expected, found.actual) == ("finite", "finite numbers", words)
        assert (found.first_index, found.expected_at, found.actual_at) == ((1, 1), "4.0", repr(value))
        assert found.share_wrong == 1 / 6


def test_values_come_last() -> None:
    """With the first index in row-major order, both numbers, and the share that is wrong."""
    actual = changed(changed(X, (1, 2), 7.0), (0, 1), 1.5)
    for mine, target in ((actual, X), (torch.tensor(actual), torch.tensor(X))):
        found = failure(Mismatch, assert_allclose, mine, target, help="count again")
        assert (found.stage, found.first_index, found.share_wrong) == ("values", (0, 1), 2 / 6)
        assert (found.expected_at, found.actual_at, found.help) == ("1.0", "1.5", "count again")
        assert (found.expected, found.actual) == (str(X.tolist()), str(actual.tolist()))
        assert found.sentence().endswith("; first at [0, 1]: expected 1.0, not 1.5; 33% of the elements differ")


@pytest.mark.parametrize(
    ("actual", "kind", "stage"),
    [
        ([NAN], WrongDtype, "type"),
        (np.full(4, NAN, np.float32), WrongDtype, "dtype"),
        (np.full(4, NAN), WrongShape, "shape"),
        (changed(X + 1, (1, 2), NAN), Mismatch, "finite"),
        (X + 1, Mismatch, "values"),
    ],
)
def test_the_first_stage_that_fails_is_the_only_one(actual: Any, kind: type[CheckFailure], stage: str) -> None:
    """Each answer here is wrong at its stage and at all later ones; the first is what gets told."""
    assert failure(kind, assert_allclose, actual, X).stage == stage


def test_stages_are_named_in_their_order() -> None:
    """As the package's docstring promises."""
    assert STAGES[:6] == ("callable", "type", "dtype", "shape", "finite", "values")


def test_large_arrays_are_told_by_shape() -> None:
    """Only the first differing element is written out."""
    zeros = np.zeros((10, 20, 30))
    found = failure(Mismatch, assert_allclose, changed(zeros, (9, 19, 29), 1.0), zeros)
    assert (found.expected, found.actual) == ("ndarray float64 10×20×30", "ndarray float64 10×20×30")
    assert found.first_index == (9, 19, 29)
    assert "less than 1% of the elements differ" in found.sentence()
    found = failure(Mismatch, assert_allclose, changed(zeros + 1, (0, 0, 0), 0.0), zeros)
    assert found.first_index == (0, 0, 1)
    assert "more than 99% of the elements differ" in found.sentence()
    assert "; 100% of the elements differ" in failure(Mismatch, assert_allclose, zeros + 1, zeros).sentence()


def test_one_number_has_no_index() -> None:
    """Nor a share: it is wrong, and that is all."""
    for actual, expected in ((1.5, 2.0), (np.array(1.5), np.array(2.0)), (torch.tensor(1.5), torch.tensor(2.0))):
        found = failure(Mismatch, assert_allclose, actual, expected)
        assert (found.first_index, found.share_wrong) == (None, None)
        assert found.sentence() == "expected 2.0, not 1.5"
    found = failure(Mismatch, assert_allclose, NAN, 2.0)
    assert (found.stage, found.first_index, found.share_wrong) == ("finite", None, None)
    assert found.sentence() == "expected finite numbers, not NaN"


# ------------------------------------------------------------------------------------------------- NaN and infinity


def test_nan_equals_nothing_unless_asked() -> None:
    """Not even NaN; and where NaN is expected a number is wrong, asked or not."""
    nan = changed(X, (0, 1), NAN)
    assert failure(Mismatch, assert_allclose, nan, nan).stage == "values"
    assert_allclose(nan, nan, equal_nan=True)
    for equal_nan in (False, True):
        assert failure(Mismatch, assert_allclose, X, nan, equal_nan=equal_nan).first_index == (0, 1)
        assert failure(Mismatch, assert_allclose, nan, X, equal_nan=equal_nan).stage == "finite"
    assert failure(Mismatch, assert_allclose, NAN, NAN).stage == "values"
    assert_allclose(NAN, NAN, equal_nan=True)
    assert failure(Mismatch, assert_equal, NAN, NAN).stage == "values"


@pytest.mark.parametrize("actual", [5.0, -INF, 1.7e308, NAN])
@pytest.mark.parametrize(
    "like", [lambda n: n, lambda n: np.array([n]), lambda n: torch.tensor([n], dtype=torch.float64)]
)
def test_infinity_equals_only_itself(actual: float, like: Callable[[float], Any]) -> None:
    """A tolerance in proportion to infinity would let everything pass."""
    assert_allclose(like(INF), like(INF))
    assert_allclose(like(-INF), like(-INF), rtol=0.5)
    assert failure(Mismatch, assert_allclose, like(actual), like(INF), rtol=0.5, equal_nan=True).stage == "values"


# ------------------------------------------------------------------------------------------------- tolerance


def test_the_tolerance_is_numpys_rule() -> None:
    """|actual - expected| <= atol + rtol * |expected|, edge included."""
    assert_allclose(np.array([110.0]), np.array([100.0]), rtol=0.1, atol=0)
    assert_allclose(np.array([-90.0]), np.array([-100.0]), rtol=0.1, atol=0)
    assert_allclose(np.array([0.5]), np.array([0.0]), rtol=0.1, atol=0.5)
    failure(Mismatch, assert_allclose, np.array([0.5]), np.array([0.0]), rtol=0.5, atol=0.4)
    failure(Mismatch, assert_allclose, np.array([100.0]), np.array([90.0]), rtol=0.1, atol=0)


def test_a_topic_sets_the_default_tolerance() -> None:
    """Inside the block, and no longer."""
    near = X * (1 + 1e-4)
    failure(Mismatch, assert_allclose, near, X)
    with tolerance(Tolerance(rtol=1e-3, atol=0.0)):
        assert_allclose(near, X)
        assert_allclose((near,), (X,))
        failure(Mismatch, assert_allclose, near, X, rtol=1e-5)
        failure(Mismatch, assert_allclose, (near,), (X,), rtol=1e-5)
    failure(Mismatch, assert_allclose, near, X)


def test_integers_are_exact() -> None:
    """However wide the tolerance; a float beside an integer is a measured number."""
    ints = np.array([100, 200])
    failure(Mismatch, assert_allclose, ints + 1, ints, rtol=0.5, atol=10)
    failure(Mismatch, assert_allclose, np.array([2**63 - 1]), np.array([2**63 - 2]))
    assert_allclose(ints + 1e-9, ints, check_dtype=False)
    assert_allclose(2.0000000001, 2)
    assert_allclose(3, 3)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.complex64])
def test_small_floats_overflow_in_silence(dtype: Any) -> None:
    """The difference of two finite numbers may not be one: that is a mismatch and no warning."""
    big = np.array([np.finfo(dtype).max], dtype)
    assert not silent(assert_allclose, big, -big)
    assert silent(assert_allclose, big, big, rtol=10.0)


# ------------------------------------------------------------------------------------------------- numbers, sequences


@pytest.mark.parametrize("actual", [2, 2.0, np.int8(2), np.float32(2), np.uint64(2)])
def test_a_number_may_be_of_any_real_type(actual: Any) -> None:
    """NumPy's scalars too."""
    assert_allclose(actual, 2.0)
    assert_allclose(actual, 2)
    assert_allclose(actual, np.float64(2))
    assert_allclose(actual, 2 + 0j)


@pytest.mark.parametrize(
    ("actual", "words"),
    [
        (True, "bool"),
        (np.True_, "bool"),
        ("2.0", "str"),
        (None, "None"),
        (np.array(2.0), "ndarray float64 ()"),
        ([2.0], "list"),
    ],
)
def test_what_is_no_number_is_told_so(actual: Any, words: str) -> None:
    """A bool is none here, and a 0-d array is none."""
    found = failure(WrongDtype, assert_allclose, actual, 2.0)
    assert (found.stage, found.expected, found.actual) == ("type", "a number", words)


@pytest.mark.parametrize("actual", [2 + 5j, 2 + 0j, np.complex128(2 + 5j), np.complex64(2)])
def test_a_complex_number_is_no_real_one(actual: Any) -> None:
    """Its imaginary part is never dropped to make it fit."""
    assert failure(WrongDtype, assert_allclose, actual, 2.0).expected == "a real number"
    assert_allclose(actual, complex(actual))


def test_a_scalar_does_for_an_array_without_axes() -> None:
    """NumPy itself does not keep them apart."""
    assert_allclose(np.float64(1.5), np.array(1.5))
    failure(WrongDtype, assert_allclose, 1.5, np.array(1.5))


def test_sequences_go_element_by_element() -> None:
    """Of the same type and length; the first element that differs is told."""
    expected = (X, [1.5, 2])
    assert_allclose((X, [1.5, 2]), expected)
    found = failure(WrongDtype, assert_allclose, [X, [1.5, 2]], expected)
    assert (found.stage, found.expected, found.actual) == ("type", "a tuple", "list")
    found = failure(WrongShape, assert_allclose, (X,), expected)
    assert found.sentence() == "expected shape of 2 values, not 1 values"
    assert failure(WrongShape, assert_allclose, (X[:1], [0, 0]), expected).axis == 0
    assert failure(Mismatch, assert_allclose, (X, [1.5, 3]), expected).sentence() == "expected 2, not 3"
    for actual in (X, None, HANDLE, "ab", {0: X, 1: [1.5, 2]}):
        assert failure(WrongDtype, assert_allclose, actual, expected).expected == "a tuple"
