"""Whether `conv2d_im2col` beats the loops of `support.py`, measured so that a busy host does not decide."""

from __future__ import annotations

import statistics
from typing import Any

from given import layer, normal

from grader.testing import assert_allclose, assert_that

# Both sides are timed by turns in one process, so that a busy host slows both. On an idle one a product of matrices is
# about 200 times faster than the slow one, the slowest right answer known (einsum over seven axes) 40 times, four
# loops around a dot product 2.7 times. With six other processes on two cores, in 150 measurements each, these two came
# to 20 at least and 4.2 at most. A right answer fails only if three measurements in a row miss the bound.
TIMES_FASTER = 10
TRIES = 3
RACE = layer(normal(130, 3, 4, 13, 18), normal(131, 8, 4, 3, 3))


def assert_fast(student: Any) -> None:
    """The student's layer is right, and once in ``TRIES`` at least ``TIMES_FASTER`` times as fast."""
    best = 0.0
    for _ in range(TRIES):
        answer = student.probe.race(*RACE.args)
        assert_that(type(answer) is tuple and len(answer) == 3, "two series of seconds and a result", "something else")
        fast, slow, result = answer
        assert_allclose(result, RACE.expected)
        best = max(best, seconds(slow) / seconds(fast))
        if best >= TIMES_FASTER:
            return
    expected, actual = f"at least {TIMES_FASTER} times as fast as slow_conv2d", f"{best:.1f} times as fast"
    assert_that(False, expected, actual, help="let one product of matrices do the work of the loops")


def seconds(series: Any) -> float:
    """The median of a series of measured seconds."""
    sound = type(series) is list and all(type(entry) is float and entry > 0 for entry in series)
    assert_that(sound and bool(series), "seconds", "something else")
    return float(statistics.median(series))
