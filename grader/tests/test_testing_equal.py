"""Equality: of the same type, exact, and in words where it fails."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from grader.core.errors import Mismatch, WrongDtype, WrongShape
from grader.testing import assert_equal
from grader.tests.comparing import HANDLE, INF, X, failure
from grader.wire.codec import Codec

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
