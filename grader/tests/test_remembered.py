"""An answer that passed a case passes it again without the case being run; any other answer has it run."""

from __future__ import annotations

import pytest

from grader.core.verdict import Verdict
from grader.session.ahead import Ahead
from grader.session.known import MOST_ANSWERS, SURE_AFTER, Plan
from grader.tests.toy import RIGHT, ToyCourse, right_but
from grader.wire import messages as m

OFTEN = {
    "tests/test_hidden.py": '''
        """A suite whose checks can be run three times only."""
        import itertools
        import pytest
        from grader.testing import assert_equal

        TIMES, ROUNDS = itertools.count(1), itertools.count(1)

        @pytest.mark.task("total")
        def test_total_thrice(student):
            """The sum, unless this has been run too often"""
            assert_equal(student.total([1, 2]), 3 if next(TIMES) <= 3 else 4)

        @pytest.mark.task("Counter")
        def test_counter_thrice(student):
            """A counter counts from there, unless this has been run too often"""
            counter = student.Counter(2)
            assert_equal(counter.count, 2 if next(ROUNDS) <= 3 else 3)
        '''
}


def call(number: int = 0) -> m.Call:
    """A call of ``total``."""
    return m.Call(number, [1], {}, name="total")


def returned(value: float, number: int = 0) -> m.Returned:
    """An answer to it."""
    return m.Returned(number, value, None)


def asked(plan: Plan, *answers: m.Returned, passed: bool = True) -> None:
    """Let a submission's case 0 ask the same as ever, once for each of ``answers``."""
    ahead = Ahead(plan)
    ahead.begin(0, lambda: [0])
    for answer in answers:
        ahead.ask(call(1))
        ahead.answered(answer)
    ahead.end("total", passed)


def passes(plan: Plan, *answers: m.Returned, remember: bool = True) -> bool:
    """Whether a submission that answers this need not have its case 0 run."""
    ahead = Ahead(plan, remember=remember)
    ahead.begin(0, lambda: [0])
    assert [call(1)] == ahead.foresee(1, ())
    for answer in answers:
        following = ahead.follow(answer, 1)
        if following is False:
            return False
    return following is True


def test_a_case_is_not_run_on_an_answer_it_has_passed(toy_course: ToyCourse) -> None:
    """From the fourth submission on; an answer that is as right and not the same to the bit has it run."""
    suite = toy_course.altered(OFTEN)
    for _ in range(6):
        assert {Verdict.PASSED} == set(suite.grade(RIGHT).verdicts.values())
    other = right_but("import numpy\n_total = total\ndef total(values):\n    return numpy.int64(_total(values))\n")
    assert Verdict.FAILED is suite.grade(other).verdicts["test_total_thrice"]
    assert (
        Verdict.FAILED is suite.grade(right_but("def total(values):\n    return 4.0\n")).verdicts["test_total_thrice"]
    )
    assert Verdict.PASSED is suite.grade(RIGHT).verdicts["test_total_thrice"]


@pytest.mark.parametrize("value", [-0.0, 1e-300, float("nan"), 0, False])
def test_what_is_remembered_is_the_answer_to_the_bit(value: float) -> None:
    """Equal is not the same, and what failed is not remembered."""
    plan = Plan()
    for _ in range(SURE_AFTER):
        asked(plan, returned(0.0))
    assert passes(plan, returned(0.0, 7))
    assert not passes(plan, returned(value))
    asked(plan, returned(value), passed=False)
    assert not passes(plan, returned(value))


def test_a_case_that_asks_several_times_needs_all_its_answers() -> None:
    """What it asks after other answers is not known, nor what it concludes."""
    plan = Plan()
    for _ in range(SURE_AFTER):
        asked(plan, returned(0.0), returned(1.0))
        asked(plan, returned(2.0))
    assert passes(plan, returned(0.0), returned(1.0))
    assert passes(plan, returned(2.0))
    assert not passes(plan, returned(0.0))
    assert not passes(plan, returned(0.0), returned(2.0))
    assert not passes(plan, returned(1.0), returned(0.0))


def test_a_case_has_to_ask_the_same_of_several_submissions_first() -> None:
    """One that draws its inputs anew each time is run each time, and so is one that once asked something else."""
    plan = Plan()
    for _ in range(SURE_AFTER):
        assert not plan.foresees(0) or not passes(plan, returned(0.0))
        asked(plan, returned(0.0))
    assert passes(plan, returned(0.0))
    asked(plan, returned(0.0), returned(0.0))
    assert not plan.foresees(0)
    asked(plan, returned(0.0))
    assert not plan.foresees(0)


def test_what_was_asked_ahead_passes_unopened_by_the_same_bytes_alone() -> None:
    """An answer with which the case passed, to the number that it was asked with; it is over then, or yet to begin."""
    plan = Plan()
    for _ in range(SURE_AFTER):
        for position in (0, 1):
            ahead = Ahead(plan)
            ahead.begin(position, lambda position=position: [position])  # type: ignore[misc]
            ahead.ask(call(1))
            ahead.answered(returned(0.0))
            ahead.end("total", True)

    def second(answer: m.Returned, number: int, *, position: int = 1, remember: bool = True) -> bool:
        ahead = Ahead(plan, remember=remember)
        ahead.begin(0, lambda: [0, 1])
        assert [call(1), call(2)] == ahead.foresee(1, ())
        over = ahead.passes(position, number, m.encode(answer))
        ahead.begin(1, list)
        assert ahead.foresee(2, ()) == ([] if over else [call(2)])
        return over

    assert not second(returned(0.0, 2), 2)
    opened = Ahead(plan)
    opened.begin(1, lambda: [1])
    opened.foresee(2, ())
    assert opened.follow(returned(0.0, 2), 3) is True
    assert second(returned(0.0, 2), 2)
    assert not second(returned(-0.0, 2), 2)
    assert not second(returned(0.0, 1), 2)
    assert not second(returned(0.0, 2), 3)
    assert not second(returned(0.0, 2), 2, position=2)
    assert not second(returned(0.0, 2), 2, remember=False)


def test_who_wants_every_case_run_has_it_run() -> None:
    """The audit measures tolerances, and known answers are recorded."""
    plan = Plan()
    for _ in range(SURE_AFTER):
        asked(plan, returned(0.0))
    assert passes(plan, returned(0.0))
    assert not passes(plan, returned(0.0), remember=False)


def test_what_is_remembered_is_bounded() -> None:
    """A class that answers differently ten thousand times fills no memory."""
    plan = Plan()
    for number in range(MOST_ANSWERS + 50):
        asked(plan, returned(float(number)))
    assert MOST_ANSWERS == sum(passes(plan, returned(float(number))) for number in range(MOST_ANSWERS + 50))
