"""A session and its workers: deaths, limits, handles, probes, and odd values."""

from __future__ import annotations

import pytest

from grader.core.verdict import Verdict
from grader.tests.toy import POINTS, RIGHT, ToyCourse, failing, right_but


def test_after_a_death_the_next_check_gets_a_fresh_worker(toy_course: ToyCourse) -> None:
    """What the first worker was told to remember is forgotten, and what it would have answered is answered anew."""
    text = """
        DEAD = []

        def double(x):
            if x.ndim == 2:
                import os
                os._exit(1)
            DEAD.append(1)
            return x * 2

        def total(numbers):
            return 6 if not DEAD else -1
    """
    result = toy_course.grade(right_but(text))
    assert {
        "double_table": "CRASHED",
        "double_unchanged": "SKIPPED",
        # Asked in the worker that had doubled twice already.
        "total_small": "FAILED",
        "total_large": "FAILED",
        "total_nothing": "SKIPPED",
    } == failing(result.verdicts)
    assert ("expected 6, not -1", "expected 8675309, not 6") == tuple(
        result.outcome(check).detail.partition(": ")[2] for check in ("test_total_small", "test_total_large")
    )


def test_restarts_are_capped_by_task(toy_course: ToyCourse) -> None:
    """The first worker's death and that of one more; then the task is not called any more, and others lose nothing."""
    limits = (toy_course.topic / "topic.toml").read_text(encoding="utf-8")
    strict = toy_course.altered({"topic.toml": limits.replace("restarts = 3", "restarts = 1")})
    text = """
        import os

        def double(x):
            print("called")
            os._exit(1)
    """
    result = strict.grade(right_but(text))
    assert 2 == result.output.count("called")
    assert {"double": 0.0, "total": 10.0, "Counter": 10.0} == result.points
    lost = {name: verdict for name, verdict in result.verdicts.items() if verdict is not Verdict.PASSED}
    assert {Verdict.CRASHED, Verdict.SKIPPED} >= set(lost.values())


def test_time_is_limited_per_check_and_per_submission(toy_course: ToyCourse) -> None:
    """A check of many calls, each within its limit, ends all the same; and so does the whole suite."""
    limits = (toy_course.topic / "topic.toml").read_text(encoding="utf-8")
    for name, usual, short in (("call", 0.3, 0.1), ("check", 0.6, 0.2), ("submission", 4.0, 0.4)):
        limits = limits.replace(f"{name}_seconds = {usual}", f"{name}_seconds = {short}")
    slow = toy_course.altered(
        {
            "topic.toml": limits,
            "tests/test_public.py": '''
                """Many calls."""
                import pytest
                from grader.testing import assert_equal

                @pytest.mark.task("double")
                def test_double(student):
                    """Doubles often."""
                    for _ in range(1000):
                        student.double(1)

                @pytest.mark.task("total")
                def test_total(student):
                    """Adds."""
                    assert_equal(student.total([1]), 1)
            ''',
            "tests/test_hidden.py": '''
                """More."""
                import pytest

                @pytest.mark.task("Counter")
                @pytest.mark.parametrize("number", range(20))
                def test_counter(student, number):
                    """Counts."""
                    for _ in range(1000):
                        student.double(1)
            ''',
        }
    )
    result = slow.grade(right_but("import time\ndef double(x):\n    time.sleep(0.1)\n    return x"))
    assert {"double": "TIMED_OUT", "counter": "TIMED_OUT"} == failing(result.verdicts)
    assert 10 == result.points["total"]
    assert "the time for this check, or for the whole submission, is used up" == result.outcomes[-1].reason


def test_counters_are_handles(toy_course: ToyCourse) -> None:
    """An object that stays with the submission is called, read, iterated, passed back; a wrong one fails checks."""
    text = """
        class Counter(Counter):
            @property
            def count(self):
                raise OSError("not today")

            @count.setter
            def count(self, value):
                pass

            def step(self):
                return 6
    """
    assert {
        "counter_steps": "RAISED",
        "counter_iterates": "RAISED",
        "counter_plus": "RAISED",
        "counter_probed": "FAILED",
    } == failing(toy_course.grade(right_but(text)).verdicts)


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        ("yield from range(10**9)", "FAILED"),
        ("while True: pass\n        yield", "TIMED_OUT"),
        ("return iter([0, 1, 2, 3])", "FAILED"),
        ("return 3", "RAISED"),
        ("return iter([[[]]] * 3)", "FAILED"),
        ("yield np.zeros(10**7)", "FAILED"),
    ],
)
def test_iterating_is_bounded(toy_course: ToyCourse, body: str, verdict: str) -> None:
    """An endless, slow, wrong or heavy iterator costs its own check only."""
    result = toy_course.grade(right_but(f"class Counter(Counter):\n    def __iter__(self):\n        {body}"))
    assert {"counter_iterates": verdict} == failing(result.verdicts)


def test_a_handle_goes_with_its_process(toy_course: ToyCourse) -> None:
    """A check that holds an object of a worker that died fails, rather than meet another object by its number."""
    text = """
        class Counter(Counter):
            def plus(self, other):
                import os
                os._exit(0)
    """
    assert {"counter_plus": "CRASHED"} == failing(toy_course.grade(right_but(text)).verdicts)


def test_arguments_are_compared_with_what_was_sent(toy_course: ToyCourse) -> None:
    """Doubling in place gives the right values, and changes the caller's array."""
    result = toy_course.grade(right_but("def double(x):\n    x *= 2\n    return x"))
    assert {"double_unchanged": "FAILED"} == failing(result.verdicts)
    outcome = result.outcome("test_double_unchanged")
    assert outcome.failure is not None
    assert "double(x: [0., 1., 2., 3.]): expected argument 1 unchanged, not changed by the call" == (
        outcome.failure.sentence()
    )


@pytest.mark.parametrize(
    "value",
    [
        "object()",
        "lambda: x",
        "(x, x)",
        "[x]",
        "{'x': x}",
        "x.astype('f4')",
        "x[None] * 2",
        "str(x)",
        "x * np.nan",
        "x * 2j",
        "np.array(['a'], dtype=object)",
        "np.ma.masked_array(x * 2)",
        "type('Array', (np.ndarray,), {})((2,))",
        "[[[[[]]]]] * 10**4",
        "[0] * 10**6",
        "b'x' * 10**6",
        "10 ** 4000",
        "float('inf')",
        "{1: {2: {3: x}}}",
        "slice(None, None, x)",
        "'\\ud800'",
        "np.random.default_rng(1)",
        "np.float64(2)",
        "Ellipsis",
        "double",
        "np",
        "x.__class__",
    ],
)
def test_odd_values_fail_and_break_nothing(toy_course: ToyCourse, value: str) -> None:
    """Whatever is returned, the check FAILED and the grader did not."""
    code = f"def double(x):\n    return {value}\n\ndef total(numbers):\n    x = np.ones(2)\n    return {value}"
    result = toy_course.grade(right_but(code))
    assert {
        "double_small": "FAILED",
        "double_table": "FAILED",
        "double_unchanged": "SKIPPED",
        "total_small": "FAILED",
        "total_large": "FAILED",
        "total_nothing": "SKIPPED",
    } == failing(result.verdicts)


def test_nothing_passes_from_one_submission_to_the_next(toy_course: ToyCourse) -> None:
    """A right answer earns every point whatever came before it, and a stub none."""
    poison = """
        import builtins, sys
        builtins.sum = None
        np.multiply = np.add = None
        sys.modules.clear()
        raise SystemExit
    """
    for _ in range(2):
        assert 0 == toy_course.grade(right_but(poison)).score
        assert POINTS == toy_course.grade(RIGHT).points
        assert 0 == toy_course.grade("").score


def test_a_probe_reaches_the_submission_itself(toy_course: ToyCourse) -> None:
    """For arguments that can't cross as they are."""
    probing = toy_course.altered(
        {
            "probes.py": """
                def doubled_view(x):
                    return submission.double(x.T), x.T.flags.c_contiguous
            """,
            "tests/test_public.py": '''
                """Through a probe."""
                import numpy as np
                import pytest
                from grader.testing import assert_equal

                @pytest.mark.task("double")
                def test_double(student):
                    """Doubles a view."""
                    value, contiguous = student.probe.doubled_view(np.arange(6.0).reshape(2, 3))
                    assert_equal((value.shape, contiguous), ((3, 2), False))

                @pytest.mark.task("total")
                def test_total(student):
                    """Adds."""
                    assert_equal(student.total([1]), 1)

                @pytest.mark.task("Counter")
                def test_counter(student):
                    """Is there."""
                    student.Counter(0)
            ''',
            "tests/test_hidden.py": '"""None."""',
        }
    )
    result = probing.grade(RIGHT)
    assert {"double": 10.0, "total": 10.0, "Counter": 10.0} == result.points, result
