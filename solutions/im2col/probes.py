"""What has to run beside the submission: views can't cross as they are, and clocks must share a process."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from support import slow_conv2d

GROUPS = 3
FAST_PER_GROUP = 3

# The student's module: the grader puts it here before a probe runs.
submission: Any


def on_views(name: str, views: Any, *rest: Any, **options: Any) -> Any:
    """``name(*views, *rest, **options)``; a view is (base, axes, index): the base, its axes permuted, then indexed."""
    arrays = [base.transpose(axes)[tuple(index)] for base, axes, index in views]
    return getattr(submission, name)(*arrays, *rest, **options)


def written_over(x: np.ndarray, fill: np.ndarray, kernel: Any, **options: Any) -> Any:
    """Call ``im2col``, write ``fill`` over its result: (result is writable, result then, x then), or None."""
    cols = submission.im2col(x, kernel, **options)
    if type(cols) is not np.ndarray or cols.shape != fill.shape:
        return None
    writable = bool(cols.flags.writeable)
    if writable:
        cols[...] = fill
    return writable, cols, x


def race(x: np.ndarray, w: np.ndarray) -> Any:
    """Time ``conv2d_im2col`` and ``slow_conv2d`` by turns: (its seconds, the slow one's seconds, its last result)."""
    fast: list[float] = []
    slow: list[float] = []
    result = submission.conv2d_im2col(x, w)
    for _ in range(GROUPS):
        slow.append(_seconds(slow_conv2d, x, w)[0])
        for _ in range(FAST_PER_GROUP):
            seconds, result = _seconds(submission.conv2d_im2col, x, w)
            fast.append(seconds)
            # One that is slower than the slow one need not be timed nine times.
            if seconds > slow[-1]:
                break
    return fast, slow, result


def _seconds(function: Any, x: np.ndarray, w: np.ndarray) -> tuple[float, Any]:
    start = time.perf_counter()
    result = function(x, w)
    return time.perf_counter() - start, result
