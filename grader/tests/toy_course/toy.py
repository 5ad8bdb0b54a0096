"""A toy: an array doubled, a list added, steps counted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np


def double(x: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Twice ``x``, in a new array of the same shape and dtype."""
    ### BEGIN SOLUTION
    return x * 2
    ### END SOLUTION


def total(numbers: list[int]) -> int:
    """The sum of ``numbers``; ValueError if there are none."""
    ### BEGIN SOLUTION
    if not numbers:
        raise ValueError("nothing to add")
    return sum(numbers)
    ### END SOLUTION


class Counter:
    """Counts from ``count`` upwards."""

    def __init__(self, count: int) -> None:
        ### BEGIN SOLUTION
        self.count = count
        ### END SOLUTION

    def step(self) -> int:
        """One more; returns the new count."""
        ### BEGIN SOLUTION
        self.count += 1
        return self.count
        ### END SOLUTION

    def __iter__(self) -> Iterator[int]:
        """0, 1, … up to, and without, the count."""
        ### BEGIN SOLUTION
        return iter(range(self.count))
        ### END SOLUTION

    def plus(self, other: Counter) -> Counter:
        """A new counter with both counts together."""
        ### BEGIN SOLUTION
        return Counter(self.count + other.count)
        ### END SOLUTION
