"""What a suite's author imports.

Comparisons stop at the first stage that fails, in this order: callable, type, dtype, shape, finite, values. Each
raises a :class:`~grader.core.errors.CheckFailure` whose fields say what was expected, what came, and where.
"""

from grader.core.errors import CheckFailure, Mismatch, WrongDtype, WrongShape
from grader.testing.compare import (
    assert_allclose,
    assert_dtype,
    assert_equal,
    assert_handle,
    assert_raises,
    assert_shape,
    assert_that,
    assert_unchanged,
    observed,
    tolerance,
)
from grader.testing.proxies import Echo, Handle

__all__ = [
    "CheckFailure",
    "Echo",
    "Handle",
    "Mismatch",
    "WrongDtype",
    "WrongShape",
    "assert_allclose",
    "assert_dtype",
    "assert_equal",
    "assert_handle",
    "assert_raises",
    "assert_shape",
    "assert_that",
    "assert_unchanged",
    "observed",
    "tolerance",
]
