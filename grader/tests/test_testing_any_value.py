"""Comparisons: any value at all is equal or ends in a failure, and has words."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader.core.errors import Mismatch
from grader.testing import (
    Echo,
    assert_allclose,
    assert_dtype,
    assert_equal,
    assert_handle,
    assert_shape,
    assert_unchanged,
)
from grader.testing.describe import argument_words, call_words, value_words
from grader.tests import sendable
from grader.tests.comparing import HANDLE, INF, NAN, X, failure, silent
from grader.wire.codec import Codec

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
