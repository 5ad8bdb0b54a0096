"""The toy's hidden checks."""

from typing import Any

import numpy as np
import pytest

from grader.testing import assert_allclose, assert_equal, assert_handle, assert_raises, assert_unchanged

SECRET = "CANARY-20240229"
"""Isolation tests look for this, and for EXPECTED, in the worker."""

NUMBERS = [8_000_000, 675_000, 309]
EXPECTED = sum(NUMBERS)


@pytest.mark.task("double")
@pytest.mark.weight(2)
def test_double_table(student: Any) -> None:
    """Doubles a table."""
    x = np.arange(6.0).reshape(2, 3) - 2.5
    assert_allclose(student.double(x), x + x)


@pytest.mark.task("double")
@pytest.mark.depends("test_double_small", "test_double_table")
def test_double_unchanged(student: Any) -> None:
    """Leaves its argument alone."""
    assert_unchanged(student.echo.double(np.arange(4.0)))


@pytest.mark.task("total")
@pytest.mark.weight(2)
def test_total_large(student: Any) -> None:
    """Adds large numbers."""
    assert_equal(student.total(NUMBERS), EXPECTED)


@pytest.mark.task("total")
@pytest.mark.depends("test_total_large")
def test_total_nothing(student: Any) -> None:
    """Refuses an empty list."""
    assert_raises(ValueError, student.total, [])


@pytest.mark.task("Counter")
def test_counter_steps(student: Any) -> None:
    """Counts steps."""
    counter = assert_handle(student.Counter(5), "a Counter")
    assert_equal(counter.step(), 6)
    assert_equal(counter.count, 6)


@pytest.mark.task("Counter")
def test_counter_iterates(student: Any) -> None:
    """Can be iterated."""
    assert_equal(list(assert_handle(student.Counter(3), "a Counter")), [0, 1, 2])


@pytest.mark.task("Counter")
def test_counter_plus(student: Any) -> None:
    """Can be added to another."""
    one, two = student.Counter(10), student.Counter(4)
    both = assert_handle(assert_handle(one, "a Counter").plus(two), "a Counter")
    assert_equal(both.count, 14)


@pytest.mark.task("Counter")
def test_counter_probed(student: Any) -> None:
    """Steps several times."""
    assert_equal(student.probe.steps(student.Counter(1), 3), [2, 3, 4])
