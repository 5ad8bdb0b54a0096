"""The smaller assertions: shape, dtype, handles, unchanged arguments, exceptions; and the words of a call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.core.errors import Mismatch, StudentRaised, StudentTimedOut, WrongDtype, WrongShape
from grader.core.failure import Failure
from grader.testing import (
    Echo,
    Handle,
    assert_allclose,
    assert_dtype,
    assert_handle,
    assert_raises,
    assert_shape,
    assert_that,
    assert_unchanged,
)
from grader.testing.describe import call_words, value_words
from grader.tests.comparing import HANDLE, NAN, NoLink, X, changed, failure
from grader.wire.codec import Codec

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
