"""The toy's public checks."""

from typing import Any

import numpy as np
import pytest

from grader.testing import assert_allclose, assert_equal


@pytest.mark.task("double")
@pytest.mark.parametrize("numbers", [[1.0, 2.0], [0.0, -3.0, 4.0]], ids=["two", "three"])
def test_double_small(student: Any, numbers: list[float]) -> None:
    """Doubles a few numbers."""
    assert_allclose(student.double(np.array(numbers)), np.array([2 * number for number in numbers]))


@pytest.mark.task("total")
def test_total_small(student: Any) -> None:
    """Adds a few numbers."""
    assert_equal(student.total([1, 2, 3]), 6)
