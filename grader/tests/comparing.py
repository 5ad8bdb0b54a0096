"""Values to compare, and how a comparison failed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader.core.errors import CheckFailure
from grader.core.failure import STAGES, Failure
from grader.testing import Handle

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
