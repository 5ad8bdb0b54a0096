"""Comparisons: each stage in its order, fields that say where and how much, and nothing but CheckFailure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader.core.errors import CheckFailure, Mismatch, StudentRaised, StudentTimedOut, WrongDtype, WrongShape
from grader.core.failure import STAGES, Failure
from grader.core.topic import Tolerance
from grader.testing import (
    Echo,
    Handle,
    assert_allclose,
    assert_dtype,
    assert_equal,
    assert_handle,
    assert_raises,
    assert_shape,
    assert_that,
    assert_unchanged,
    tolerance,
)
from grader.testing.describe import argument_words, call_words, value_words
from grader.tests import sendable
from grader.wire.codec import Codec

NAN, INF = float("nan"), float("inf")


class NoLink:
    """Whoever looks behind a handle during a comparison is told off."""

    def call_handle(self, handle: Handle, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        raise NotImplementedError("a comparison called a handle")

    def attribute(self, handle: Handle, name: str) -> Any:
        raise NotImplementedError(f"a comparison read {name} of a handle")

    def items(self, handle: Handle, limit: int) -> list[Any]:
        raise NotImplementedError("a comparison iterated a handle")


HANDLE = Handle(NoLink(), 1, "ndarray")


def failure(kind: type[CheckFailure], function: Callable[..., Any], *args: Any, **kwargs: Any) -> Failure:
    """How ``function`` fails, which must be by exactly ``kind``."""
    with pytest.raises(CheckFailure) as raised:
        function(*args, **kwargs)
    assert type(raised.value) is kind
    assert raised.value.failure.sentence() == str(raised.value)
    return raised.value.failure


def changed(array: Any, index: Any, value: Any) -> Any:
    """A copy with one element replaced."""
    array = array.copy()
    array[index] = value
    return array


X = np.arange(6.0).reshape(2, 3)


# ------------------------------------------------------------------------------------------------- any value at all

any_actual = st.recursive(
    sendable.values | st.just(HANDLE),
    lambda inner: st.lists(inner, max_size=3) | st.lists(inner, max_size=3).map(tuple),
    max_leaves=4,
)

EXPECTED: list[Any] = [
    X,
    np.float32(X),
    np.array([[1, 2], [3, 4]]),
    np.array([True, False]),
    np.array([1 + 2j]),
    np.array([NAN, INF, -INF, 0.0]),
    np.zeros((0, 3)),
    np.array(1.5),
    np.float64(1.5),
    np.int64(7),
    1.5,
    7,
    2 + 1j,
    NAN,
    INF,
    torch.arange(6.0).reshape(2, 3),
    torch.tensor([1, 2]),
    torch.tensor([1.5, NAN], dtype=torch.bfloat16),
    torch.tensor(1.5),
    torch.tensor([1 + 2j]),
    torch.tensor([True]),
    (X, 7),
    [1.5, (X, torch.zeros(2))],
    (),
]


def silent(function: Callable[..., object], *args: Any, **kwargs: Any) -> bool:
    """Whether it holds; nothing else than CheckFailure may come of it, and NumPy must have nothing to say."""
    try:
        with np.errstate(all="raise"):
            function(*args, **kwargs)
    except CheckFailure as error:
        assert error.failure.stage in STAGES
        assert len(str(error)) < 2000
        return False
    return True


@settings(max_examples=300, deadline=None)
@given(any_actual, st.sampled_from(EXPECTED), st.booleans(), st.booleans())
def test_any_answer_ends_in_a_check_failure(actual: Any, expected: Any, equal_nan: bool, check_dtype: bool) -> None:
    """Whatever a submission can send, against every kind of expected value."""
    silent(assert_allclose, actual, expected, equal_nan=equal_nan, check_dtype=check_dtype)
    silent(assert_shape, actual, (2, 3))
    silent(assert_dtype, actual, "float64")
    silent(assert_handle, actual, "a module")


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_numbers_of_the_right_shape_end_in_a_check_failure(data: st.DataObject) -> None:
    """Of any dtype and bits on both sides: overflow, NaN and infinity are no warnings."""
    if data.draw(st.booleans()):
        actual = data.draw(sendable.arrays())
        expected = data.draw(sendable.arrays())
        expected = np.resize(expected, actual.shape) if expected.size else np.zeros(actual.shape)
    else:
        actual = data.draw(sendable.tensors())
        expected = torch.zeros(actual.shape, dtype=data.draw(st.sampled_from(sendable.TENSOR_DTYPES)))
        expected = (
            expected + data.draw(st.sampled_from([0, 1, NAN, INF, 1e30])) if expected.is_floating_point() else expected
        )
    silent(assert_allclose, actual, expected, check_dtype=False, equal_nan=data.draw(st.booleans()))
    silent(assert_allclose, actual, expected)


@settings(max_examples=300, deadline=None)
@given(any_actual, any_actual)
@example({"a": np.array([1, 2])}, {"a": 1})
@example({"a": np.array([1, 2])}, {"a": np.array([1, 2])})
@example(slice(np.array([1, 2])), slice(1))
@example([{1: torch.zeros(2)}], [{1: torch.zeros(3)}])
@example({1: 1}, {True: 1})
@example(2**4095, 1)
def test_any_two_values_are_equal_or_a_check_failure(actual: Any, expected: Any) -> None:
    """Also dicts and slices that hold arrays, which Python can't compare."""
    silent(assert_equal, actual, expected)


@settings(max_examples=200, deadline=None)
@given(sendable.values, sendable.values)
def test_any_argument_is_unchanged_or_a_check_failure(before: Any, after: Any) -> None:
    """What was sent is itself, and another value is another one."""
    assert silent(assert_unchanged, Echo(None, (before,), (Codec(torch).unpack(*Codec(torch).pack(before))[0],)))
    assert silent(assert_unchanged, Echo(None, (before,), (after,))) == sendable.same(before, after)


@settings(max_examples=200, deadline=None)
@given(sendable.arrays() | sendable.tensors())
def test_an_array_is_close_to_itself(array: Any) -> None:
    """With NaN where NaN is asked for."""
    assert_allclose(array, array, equal_nan=True)
    assert_allclose((array, [array]), (array, [array]), equal_nan=True, rtol=0, atol=0)


@settings(max_examples=200, deadline=None)
@given(any_actual)
def test_any_value_has_words(value: Any) -> None:
    """Short ones, which hold no text that the submission chose."""
    assert len(value_words(value)) < 700
    assert len(argument_words(value)) <= 80
    assert "SECRET" not in value_words([{"SECRET": (b"SECRET", ["SECRET"])}, "SECRET", value])


def test_an_int_of_any_length_has_words() -> None:
    """Python refuses to write out more than 4300 digits, and nobody would read them."""
    assert value_words(2**100) == "1267650600228229401496703205376"
    assert value_words(-(10**5000)) == "an int of 16610 bits"
    assert call_words("f", (10**5000,), {"n": [10**5000]}) == "f(an int of 16610 bits, n=[an int of 16610 bits])"
    assert failure(Mismatch, assert_equal, 10**5000, 3).actual == "an int of 16610 bits"
    assert failure(Mismatch, assert_allclose, 10**5000, 3.0).actual == "a number out of range"


# ------------------------------------------------------------------------------------------------- stage by stage


@pytest.mark.parametrize(
    ("actual", "words"),
    [
        (None, "None"),
        (HANDLE, "an object of another type"),
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


# ------------------------------------------------------------------------------------------------- equality


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        3,
        2**70,
        1.5,
        INF,
        1j,
        "a",
        b"a",
        (1, "a"),
        [1, [2]],
        {"a": X, 1: [X]},
        slice(1, X, None),
        X,
        np.zeros(0),
    ],
    ids=repr,
)
def test_equal_is_of_the_same_type(value: Any) -> None:
    """What is sent and comes back is equal, at any depth."""
    assert_equal(Codec().unpack(*Codec().pack(value))[0], value)


def test_equal_torch_values() -> None:
    """Sizes, dtypes and tensors."""
    for value in (torch.Size([1, 2]), torch.float32, torch.device("cpu"), torch.tensor([INF, 1.0])):
        assert_equal(Codec(torch).unpack(*Codec(torch).pack(value))[0], value)
    assert failure(Mismatch, assert_equal, torch.Size([1, 3]), torch.Size([1, 2])).sentence() == "expected 2, not 3"
    assert failure(WrongDtype, assert_equal, (1, 2), torch.Size([1, 2])).expected == "a Size"


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (1, True),
        (True, 1),
        (1.0, 1),
        (1, 1.0),
        ([1], (1,)),
        ("1", 1),
        (b"a", "a"),
        (np.float64(1), 1.0),
        (np.int64(1), True),
        (HANDLE, 1),
        (None, 0),
        ([True], [1]),
        ({"a": True}, {"a": 1}),
        (X, 1.0),
        (X.astype(int), X),
        (1.0, X),
    ],
    ids=repr,
)
def test_look_alikes_are_not_equal(actual: Any, expected: Any) -> None:
    """1, 1.0 and True are three things."""
    assert failure(WrongDtype, assert_equal, actual, expected).stage in ("type", "dtype")


@pytest.mark.parametrize(
    ("actual", "expected", "sentence"),
    [
        (4, 3, "expected 3, not 4"),
        (np.int32(4), 3, "expected 3, not 4"),
        (np.False_, True, "expected True, not False"),
        ("SECRET", "cat", "expected 'cat', not a str"),
        (b"SECRET", b"cat", "expected b'cat', not a bytes"),
        (1.0000000001, 1.0, "expected 1.0, not 1.0000000001"),
        ([1, 2], [1, 3], "expected 3, not 2"),
        ({"a": 1}, {"a": 2}, "expected 2, not 1"),
        ({"SECRET": 1}, {"a": 1}, "expected keys ['a'], not [a str]"),
        ({1: 1}, {1: 1, 2: 2}, "expected keys [1, 2], not [1]"),
        ({True: 1}, {1: 1}, "expected keys [1], not [True]"),
        (slice(1, 2), slice(1, 3), "expected 3, not 2"),
    ],
)
def test_other_values_are_told_in_words(actual: Any, expected: Any, sentence: str) -> None:
    """The number that differs, and never a text that the submission chose."""
    assert failure(Mismatch, assert_equal, actual, expected).sentence() == sentence


def test_an_expected_integer_may_be_numpys() -> None:
    """And an expected bool; the order of a dict's keys is of no account."""
    assert_equal(np.int64(3), 3)
    assert_equal(np.uint8(3), 3)
    assert_equal(np.True_, True)
    assert_equal((np.int64(3), [np.False_]), (3, [False]))
    assert_equal({"b": 1, "a": 2}, {"a": 2, "b": 1})


def test_equal_arrays_are_exact() -> None:
    """No tolerance at all."""
    assert_equal(X, X.copy())
    assert failure(Mismatch, assert_equal, np.nextafter(X, 9), X).share_wrong == 1.0
    assert failure(WrongShape, assert_equal, X[:1], X).axis == 0


# ------------------------------------------------------------------------------------------------- the smaller ones


def test_shape_and_dtype_alone() -> None:
    """Of arrays and tensors; a scalar has a dtype but is no array."""
    for array in (X, torch.zeros(2, 3, dtype=torch.float64)):
        assert_shape(array, (2, 3))
        assert_dtype(array, "float64")
        assert failure(WrongShape, assert_shape, array, (2, 4)).axis == 1
        assert failure(WrongShape, assert_shape, array, (2,)).axis is None
        found = failure(WrongDtype, assert_dtype, array, "float32")
        assert (found.stage, found.expected, found.actual) == ("dtype", "float32", "float64")
    assert_dtype(np.float32(1), "float32")
    assert_dtype(torch.zeros(1, dtype=torch.bfloat16), "bfloat16")
    assert failure(WrongDtype, assert_shape, np.float32(1), ()).actual == "float32"


@pytest.mark.parametrize("actual", [None, 1.5, "ab", [1, 2], HANDLE, (2, 3)])
def test_what_has_neither_shape_nor_dtype(actual: Any) -> None:
    """Is told its type; nobody asks a handle for its shape."""
    assert failure(WrongDtype, assert_shape, actual, (2, 3)).expected == "an array or tensor"
    assert failure(WrongDtype, assert_dtype, actual, "float64").expected == "an array of float64"


def test_a_handle_is_given_back() -> None:
    """Anything else is of the wrong type, named as the author names the right one."""
    assert assert_handle(HANDLE, "an nn.Module") is HANDLE
    found = failure(WrongDtype, assert_handle, X, "an nn.Module", help="return the module")
    assert (found.expected, found.actual, found.help) == ("an nn.Module", "ndarray float64 2×3", "return the module")


def test_that_is_in_the_authors_words() -> None:
    """For what no other assertion says."""
    assert_that(True, "a loss that falls", "one that rises")
    found = failure(Mismatch, assert_that, np.False_, "a loss that falls", "one that rises", help="check the sign")
    assert (found.stage, found.help) == ("truth", "check the sign")
    assert found.sentence() == "expected a loss that falls, not one that rises"


@pytest.mark.parametrize(
    "before",
    [
        changed(X, (0, 0), NAN),
        torch.tensor([NAN, -0.0]),
        torch.tensor([NAN], dtype=torch.bfloat16),
        torch.tensor([1j]).conj(),
        NAN,
        -0.0,
        complex(NAN, -0.0),
        np.float32(NAN),
        {"a": X, "b": [X]},
        slice(X, None, None),
        np.random.default_rng(3),
        torch.Generator().manual_seed(3),
        X[::-1, ::2],
    ],
)
def test_what_was_not_touched_is_unchanged(before: Any) -> None:
    """NaN is itself here, wherever it is."""
    after = Codec(torch).unpack(*Codec(torch).pack(before))[0]
    assert_unchanged(Echo(None, (before,), (after,)))


def test_a_handle_counts_as_unchanged() -> None:
    """It has another number each time it comes."""
    assert_unchanged(Echo(None, (HANDLE,), (Handle(NoLink(), 2, "Conv"),)))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (X, changed(X, (1, 2), 5.5)),
        (np.array([0.0]), np.array([-0.0])),
        (torch.zeros(2), torch.tensor([0.0, -0.0])),
        (X, X.astype(np.float32)),
        (X, X.reshape(3, 2)),
        (X, torch.tensor(X)),
        (X, None),
        (HANDLE, None),
        ({"a": X}, {"a": X + 1}),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ([1], [1, 2]),
        (0.0, -0.0),
        (1j, 2j),
        (True, 1),
        (np.random.default_rng(3), np.random.default_rng(4)),
        (torch.Generator().manual_seed(3), torch.Generator().manual_seed(4)),
        (np.random.default_rng(3), HANDLE),
    ],
)
def test_what_was_touched_is_changed(before: Any, after: Any) -> None:
    """The argument is named by its position."""
    found = failure(Mismatch, assert_unchanged, Echo(None, (1, before), (1, after)))
    assert found.stage == "unchanged"
    assert found.sentence() == "expected argument 2 unchanged, not changed by the call"
    assert found.help


def raising(*bases: str) -> Callable[..., Any]:
    """A call to a submission that raises."""

    def call(*args: Any, **kwargs: Any) -> Any:
        raise StudentRaised(bases, "SECRET")

    return call


def test_the_right_exception_is_right() -> None:
    """Or one derived from it; one of several will do."""
    assert_raises(ValueError, raising("ValueError", "Exception"), 1, padding=3)
    assert_raises(LookupError, raising("IndexError", "LookupError", "Exception"))
    assert_raises((TypeError, ValueError), raising("ValueError", "Exception"))
    assert_raises(NotImplementedError, raising("NotImplementedError", "RuntimeError", "Exception"))


def test_another_exception_is_a_mismatch() -> None:
    """Named by its built-in base, never by the submission's words."""
    found = failure(Mismatch, assert_raises, (TypeError, ValueError), raising("IndexError", "LookupError"))
    assert (found.stage, found.sentence()) == ("raises", "expected TypeError or ValueError, not IndexError")
    assert failure(Mismatch, assert_raises, ValueError, raising()).actual == "another exception"
    found = failure(Mismatch, assert_raises, ValueError, lambda: X)
    assert found.sentence() == "expected ValueError, not a result (ndarray float64 2×3)"


def test_a_stub_has_not_answered() -> None:
    """Its NotImplementedError is what the check ends in, and so is any fault that is no exception."""
    with pytest.raises(StudentRaised):
        assert_raises(ValueError, raising("NotImplementedError", "RuntimeError", "Exception"))

    def late() -> None:
        raise StudentTimedOut("no answer within 3 s")

    with pytest.raises(StudentTimedOut):
        assert_raises(ValueError, late)


# ------------------------------------------------------------------------------------------------- words


def test_a_call_in_words() -> None:
    """Arrays by shape, numbers as they are, names where they are known."""
    x, w = np.zeros((1, 3, 5, 5)), torch.zeros(2, 3, 3, 3)
    assert call_words("conv2d", (x, w, 2), {"bias": None}, ("x", "w", "stride")) == (
        "conv2d(x: 1×3×5×5, w: 2×3×3×3, stride=2, bias=None)"
    )
    assert call_words("f", (np.array([1, 2]), (1,), [1.5], "a", HANDLE), {"y": x}) == (
        "f([1, 2], (1,), [1.5], 'a', <object>, y: 1×3×5×5)"
    )
    assert call_words("f", (np.zeros(()), list(range(20)), {"a": x}, slice(1), np.float32(0.1)), {}) == (
        "f((), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, …], {'a': 1×3×5×5}, <slice>, 0.1)"
    )


def test_a_failure_in_words() -> None:
    """The call first, then what differs; help is for the renderer."""
    found = Failure(
        stage="shape", expected="(1, 2)", actual="(1, 3)", call="f(x: 2×2)", axis=1, help="floor, not round"
    )
    assert found.sentence() == "f(x: 2×2): expected shape (1, 2), not (1, 3) (axis 1 differs)"


@settings(max_examples=100, deadline=None)
@given(st.floats(allow_nan=False))
def test_a_number_in_words_is_that_number(value: float) -> None:
    """With all the digits that tell two apart: 0.1 + 0.2 is not 0.3."""
    assert float(value_words(value)) == value
    assert float(value_words(np.float64(value))) == value


def test_the_order_of_bytes_is_no_dtype() -> None:
    """A big-endian float64 is a float64."""
    assert_allclose(X.astype(">f8"), X)
