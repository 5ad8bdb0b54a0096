"""An answer that passed a case passes it again without the case being run; any other answer has it run."""

from __future__ import annotations

import pytest

from grader.core.verdict import Verdict
from grader.session.ahead import MOST_ANSWERS, SURE_AFTER, Ahead, Plan
from grader.tests.toy import RIGHT, ToyCourse, right_but
from grader.wire import messages as m

OFTEN = {
    "tests/test_hidden.py": '''
        """A suite whose first check can be run three times only."""
        import itertools
        import pytest
        from grader.testing import assert_equal, assert_handle

        TIMES = itertools.count(1)

        @pytest.mark.task("total")
        def test_total_thrice(student):
            """The sum, unless this has been run too often"""
            assert_equal(student.total([1, 2]), 3 if next(TIMES) <= 3 else 4)

        @pytest.mark.task("Counter")
        def test_counter(student):
            """A counter is an object"""
            assert_handle(student.Counter(2))
        '''
}


def call(number: int = 0) -> m.Call:
    """A call of ``total``."""
    return m.Call(number, [1], {}, name="total")


def returned(value: float, number: int = 0) -> m.Returned:
    """An answer to it."""
    return m.Returned(number, value, None)


def passed(plan: Plan, value: float, *, verdict: bool = True) -> None:
    """Let a submission whose case 0 asks the same as ever answer ``value``."""
    ahead = Ahead(plan)
    ahead.begin(0, lambda: [0])
    if ahead.foresee(1, ()) is not None:
        ahead.settles(returned(value, 1))
    ahead.ask(call(1))
    ahead.end("total", verdict)


def test_a_case_is_not_run_on_an_answer_it_has_passed(toy_course: ToyCourse) -> None:
    """From the fourth submission on; an answer that is as right and not the same to the bit has it run."""
    suite = toy_course.altered(OFTEN)
    for _ in range(6):
        assert Verdict.PASSED is suite.grade(RIGHT).verdicts["test_total_thrice"]
    other = right_but("import numpy\n_total = total\ndef total(values):\n    return numpy.int64(_total(values))\n")
    assert Verdict.FAILED is suite.grade(other).verdicts["test_total_thrice"]
    assert (
        Verdict.FAILED is suite.grade(right_but("def total(values):\n    return 4.0\n")).verdicts["test_total_thrice"]
    )
    assert Verdict.PASSED is suite.grade(RIGHT).verdicts["test_total_thrice"]


@pytest.mark.parametrize("value", [-0.0, 1e-300, float("nan")])
def test_what_is_remembered_is_the_answer_to_the_bit(value: float) -> None:
    """Equal is not the same, and what failed is not remembered."""
    plan = Plan()
    for _ in range(SURE_AFTER):
        passed(plan, 0.0)
    assert plan.passes(0, returned(0.0, 7))
    assert not plan.passes(0, returned(value))
    passed(plan, value, verdict=False)
    assert not plan.passes(0, returned(value))
    assert not plan.passes(1, returned(0.0))


def test_a_case_has_to_ask_the_same_of_several_submissions_first() -> None:
    """One that draws its inputs anew each time is run each time, and one that once asked something else is, too."""
    plan = Plan()
    for times in range(SURE_AFTER):
        assert not plan.passes(0, returned(0.0)), times
        passed(plan, 0.0)
    assert plan.passes(0, returned(0.0))
    plan.forget(0)
    assert not plan.passes(0, returned(0.0))


def test_who_wants_every_case_run_has_it_run() -> None:
    """The audit measures tolerances, and known answers are recorded."""
    plan = Plan()
    for _ in range(SURE_AFTER):
        passed(plan, 0.0)
    for remember in (True, False):
        ahead = Ahead(plan, remember=remember)
        ahead.begin(0, lambda: [0])
        assert (call(1), ()) == ahead.foresee(1, ())
        assert remember is ahead.settles(returned(0.0, 1))


def test_what_is_remembered_is_bounded() -> None:
    """A class that answers differently ten thousand times fills no memory."""
    plan = Plan()
    for number in range(MOST_ANSWERS + 50):
        passed(plan, float(number))
    assert MOST_ANSWERS == sum(plan.passes(0, returned(float(number))) for number in range(MOST_ANSWERS + 50))
