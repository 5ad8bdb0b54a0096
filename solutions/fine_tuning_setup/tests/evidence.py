"""What shows that groups, a stop or an average are what the docstrings say."""

from __future__ import annotations

from typing import Any

import numpy as np
from oracle import averaged, stopping

from grader.testing import assert_allclose, assert_equal, assert_that

COVER_HELP = "walk over named_parameters() once; leave out what doesn't require a gradient"
RATES_HELP = "head_lr in the head; base_lr in the last backbone layer, times layer_decay for each layer before"
STEP_HELP = "each trainable parameter once, with its rate and decay; none of a frozen one or an old head"
NAMES_HELP = "an entry of head matches that name, or a name that starts with the entry and a dot"


def described(answer: Any) -> Any:
    """The probe's description of the groups, once its form is known."""
    assert_that(
        type(answer) is tuple and len(answer) == 5 and type(answer[3]) is dict and type(answer[4]) is dict,
        'a list of dicts, each with "params"',
        "something else",
    )
    return answer


def assert_rates_related(found: Any, expected: dict[str, float], possible: tuple[float, float]) -> None:
    """The rates have to do with the layers, right or not; where all should be alike, each is one of the two `possible`.

    How often a parameter stands in a group is the submission's own word: it counts beside rates that were worked out.
    """
    rates = [found.get(name) for name in expected]
    numbers = all(isinstance(rate, int | float | np.generic) for rate in rates)
    assert_that(numbers, "a rate for each trained parameter", "something else", help=RATES_HELP)
    if len(set(expected.values())) == 1:
        related = all(any(abs(float(rate) - one) < 1e-6 for one in possible) for rate in rates)
    else:
        related = bool(np.std([float(rate) for rate in rates]) > 0)
        related = related and abs(np.corrcoef(np.array(rates, dtype=float), list(expected.values()))[0, 1]) > 0.3
    assert_that(bool(related), "rates that have to do with the layers", "others", help=RATES_HELP)


def unfrozen(answer: Any) -> Any:
    """A probe's answer of three parts, once its form is known."""
    assert_that(type(answer) is tuple and len(answer) == 3, "an answer of 3 parts", "something else")
    return answer


def assert_stopping(student: Any, values: list[float], patience: int, options: dict[str, Any]) -> None:
    """What every step says, and the best value and its step at the end."""
    found = unfrozen(student.probe.stopping(values, patience, **options))
    answers, best, best_step = stopping(values, patience, **options)
    assert_equal(found[0], answers, help="True from the patience-th bad value in a row on")
    assert_allclose(found[1], best, help="the best value")
    assert_equal(found[2], best_step, help="the step of the best value, counted from 0")


def assert_script(student: Any, decay: float, script: list[Any], help: str) -> None:
    """The model's tensors at each "read"."""
    assert_allclose(student.probe.average(False, decay, script), averaged(script, decay), help=help)
