"""What is sent ahead changes no verdict: a submission is asked the same, in the same order, as one call at a time."""

from __future__ import annotations

import msgspec
import pytest

from grader.core.grade import CheckSpec, Outcome
from grader.core.verdict import Verdict
from grader.session.ahead import Ahead, OutOfStep, certain_after
from grader.session.known import MOST_BYTES, SURE_AFTER, Plan
from grader.tests.toy import RIGHT, Result, ToyCourse, right_but
from grader.wire import messages as m
from grader.wire import values as v

LOG = """
import os, sys
_double, _total, _Counter, _calls = double, total, Counter, [0]

def told(name, function):
    def wrapper(*args, **kwargs):
        _calls[0] += 1
        sys.__stdout__.write(f"{_calls[0]} {name} {args} {kwargs}\\n")
        sys.__stdout__.flush()
        return before(_calls[0]) or function(*args, **kwargs)
    return wrapper

def before(call):
    return None

def send(data):
    for descriptor in range(3, 256):
        try:
            os.write(descriptor, data)
        except OSError:
            pass

double, total, Counter = told("double", _double), told("total", _total), told("Counter", _Counter)
"""


def logged(code: str) -> str:
    """The reference, which prints what it is asked and then does ``code`` with ``call``, the number of the call."""
    return right_but(LOG + f"\ndef before(call):\n    {code}\n")


def compared(result: Result) -> tuple[list[Outcome], dict[str, float], str]:
    """What must not depend on how calls are sent."""
    return [msgspec.structs.replace(each, seconds=0.0) for each in result.outcomes], result.points, result.output


@pytest.mark.parametrize(
    "code",
    [
        "return None",
        "return 7 if call % 3 == 0 else None",
        "if call % 4 == 2: raise ValueError(call)",
        "if call == 2: os._exit(3)",
        "if call % 5 == 0: os._exit(3)",
        "if call % 2: os.abort()",
        "while call == 3: pass",
        "if call > 4: raise SystemExit",
        "return bytearray(5) if call == 4 else None",
        "return 'x' * 200_000 if call < 9 else None",
        "if call == 3: send(bytes(4))",
        "if call == 3: send(bytes([255] * 4))",
        "if call == 4: send(bytes(3))",
    ],
)
def test_nothing_depends_on_what_is_sent_ahead(toy_course: ToyCourse, code: str) -> None:
    """Outcomes, points and the order of calls are those of a session in which nothing is foreseen."""
    session = toy_course.session()
    alone = session.grade(logged(code), afresh=True)
    for _ in range(SURE_AFTER + 1):
        session.grade(RIGHT)
        assert compared(alone) == compared(session.grade(logged(code)))


def test_a_suite_that_asks_something_else_each_time_is_asked_one_at_a_time(toy_course: ToyCourse) -> None:
    """Other arguments, one call more, or none: what was foreseen wrongly is forgotten, and no verdict suffers."""
    varied = toy_course.altered(
        {
            "tests/test_hidden.py": '''
                """A suite that is not the same twice."""
                import itertools
                import pytest
                from grader.testing import assert_equal

                ROUNDS = {name: itertools.count() for name in ("other", "more", "none")}

                @pytest.mark.task("total")
                @pytest.mark.parametrize("number", range(3))
                def test_total_same(student, number):
                    """Always the same."""
                    assert_equal(student.total([number]), number)

                @pytest.mark.task("total")
                def test_total_other(student):
                    """Another argument each time."""
                    number = next(ROUNDS["other"])
                    assert_equal(student.total([number]), number)

                @pytest.mark.task("total")
                def test_total_more(student):
                    """One call more from the third time on."""
                    for number in range(1 + (next(ROUNDS["more"]) > 1)):
                        assert_equal(student.total([number]), number)

                @pytest.mark.task("total")
                def test_total_none(student):
                    """No call from the fifth time on."""
                    if next(ROUNDS["none"]) < 4:
                        assert_equal(student.total([9]), 9)

                @pytest.mark.task("Counter")
                def test_counter_last(student):
                    """What follows is asked as ever."""
                    assert_equal(student.total([1, 2]), 3)
                '''
        }
    )
    for _ in range(7):
        assert {Verdict.PASSED} == set(varied.grade(RIGHT).verdicts.values())


def call(number: int = 0, *values: v.Value) -> m.Call:
    """A call of ``total``."""
    return m.Call(number, list(values), {}, name="total")


def passed(plan: Plan, *requests: m.Call) -> None:
    """Let ``plan`` learn that the cases 0, 1, … pass with one request each."""
    for position, request in enumerate(requests):
        ahead = Ahead(plan)
        ahead.begin(position, lambda position=position: [position])  # type: ignore[misc]
        ahead.ask(request)
        ahead.answered(m.Returned(1, 0, None))
        ahead.end("total", True)


def test_what_was_sent_ahead_is_asked_next() -> None:
    """The first request takes the others along, numbered as they will be; those send nothing more."""
    plan = Plan()
    passed(plan, call(0, 1), call(0, 2), call(0, 3))
    ahead = Ahead(plan)
    ahead.begin(0, lambda: [0, 1, 2])
    assert [call(4, 1), call(5, 2), call(6, 3)] == ahead.foresee(4, ())
    ahead.ask(call(4, 1))
    for position in (1, 2):
        ahead.end("total", True)
        ahead.begin(position, list)
        assert [call(4 + position, 1 + position)] == ahead.foresee(4 + position, ())
        ahead.ask(call(4 + position, 1 + position))
    assert not ahead.out_of_step


@pytest.mark.parametrize("other", [call(5, 9), call(5, 2.0), call(5, True), m.Items(5, 1, 1)])
def test_another_request_is_out_of_step(other: m.Call | m.Items) -> None:
    """Equal is not the same: 2 is not 2.0."""
    plan = Plan()
    passed(plan, call(0, 1), call(0, 2))
    ahead = Ahead(plan)
    ahead.begin(0, lambda: [0, 1])
    ahead.foresee(4, ())
    ahead.ask(call(4, 1))
    ahead.end("total", True)
    ahead.begin(1, lambda: [1])
    with pytest.raises(OutOfStep):
        ahead.ask(other)
    assert ahead.out_of_step
    assert not plan.foresees(1)


def test_what_is_sent_ahead_is_bounded_and_leaves_out_what_will_not_be_asked() -> None:
    """A socket's buffer must hold it; handles mean something to one worker only; a spent task asks nothing."""
    plan = Plan()
    half = v.Bytes(bytes(MOST_BYTES // 3))
    passed(plan, call(0, half), call(0, half), call(0, half), call(0, v.Bytes(bytes(MOST_BYTES))))
    assert [0, 1] == [step.position for step in plan.foresee([0, 1, 2])]
    assert not plan.foresees(3)
    held = Plan()
    passed(held, *[call(0, 1)] * 9, call(0, v.List([v.HandleRef(1)])))
    assert held.foresees(8)
    assert not held.foresees(9)
    ahead = Ahead(plan)
    ahead.begin(0, lambda: [0, 1])
    assert [call(1, half)] == ahead.foresee(1, {"total"})


def test_only_what_runs_whatever_is_answered_is_certain() -> None:
    """Not what depends on a check under way, nor a hidden one while a public one runs, nor what is blocked."""
    first = CheckSpec("first", "total", "First", "public", 1.0, (), ("",))
    second = msgspec.structs.replace(first, id="second", depends=("first",))
    third = msgspec.structs.replace(first, id="third", visibility="hidden")
    fourth = msgspec.structs.replace(third, id="fourth", depends=("second",))
    fifth = msgspec.structs.replace(third, id="fifth", depends=("third",))
    checks = [first, first, second, third, third, fourth, third, fifth]
    verdicts: dict[str, Verdict] = {}
    assert [0, 1] == list(certain_after(0, checks, verdicts.get))
    verdicts["first"] = Verdict.PASSED
    assert [1, 2] == list(certain_after(1, checks, verdicts.get))
    verdicts["second"] = Verdict.FAILED
    assert [3, 4, 6] == list(certain_after(3, checks, verdicts.get))
