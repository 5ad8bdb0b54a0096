"""A session: what each kind of submission earns, and whose fault a verdict is."""

from __future__ import annotations

import pytest

from grader.core.verdict import Verdict
from grader.tests.toy import POINTS, RIGHT, ToyCourse, failing, right_but


def test_a_right_answer_earns_every_point(toy_course: ToyCourse) -> None:
    """All checks pass, in the order public before hidden, each after those it depends on."""
    result = toy_course.grade(RIGHT)
    assert {} == failing(result.verdicts)
    assert POINTS == result.points
    assert [
        *("test_double_small", "test_total_small", "test_double_table", "test_double_unchanged", "test_total_large"),
        *("test_total_nothing", "test_counter_steps", "test_counter_iterates", "test_counter_plus"),
        "test_counter_probed",
    ] == list(result.verdicts)


@pytest.mark.parametrize("name", ["squared", "empty_total", "right_plain"])
def test_known_answers_earn_what_they_declare(toy_course: ToyCourse, name: str) -> None:
    """The toy's own known answers."""
    text = (toy_course.topic / "submissions" / f"{name}.py").read_text(encoding="utf-8")
    expected = {
        "squared": {"double": 0.0, "total": 10.0, "Counter": 10.0},
        "empty_total": {"double": 10.0, "total": 7.5, "Counter": 10.0},
        "right_plain": POINTS,
    }[name]
    assert expected == toy_course.grade(text).points


@pytest.mark.parametrize(
    ("double", "verdict", "reason"),
    [
        ("return x + x", "PASSED", ""),
        ("return x * 3", "FAILED", ""),
        ("return None", "FAILED", ""),
        ("return x.undefined", "RAISED", "AttributeError"),
        ("while True: pass", "TIMED_OUT", "no answer within 0.3 s"),
        ("return np.zeros(10**10)", "OUT_OF_MEMORY", "it asked for more memory than allowed"),
        ("import os; os._exit(3)", "CRASHED", "its process exited with status 3"),
        ("import os; os.abort()", "CRASHED", "its process was ended by SIGSEGV"),
        ("exec('import torch')", "FORBIDDEN", "toy.py, line 56 uses torch, which this topic bans; use NumPy instead"),
    ],
)
def test_each_verdict(toy_course: ToyCourse, double: str, verdict: str, reason: str) -> None:
    """One toy submission per verdict; what depends on a check that did not pass is SKIPPED, other tasks keep theirs."""
    result = toy_course.grade(right_but(f"def double(x):\n    {double}"))
    wrong = {"double_small": verdict, "double_table": verdict, "double_unchanged": "SKIPPED"}
    assert failing(result.verdicts) == ({} if verdict == "PASSED" else wrong)
    assert result.outcome("test_double_small").reason == reason
    assert result.points == POINTS | {"double": 10.0 if verdict == "PASSED" else 0.0}


def test_a_broken_check_is_our_fault_and_costs_nothing(toy_course: ToyCourse) -> None:
    """INTERNAL_ERROR takes no part in the sharing, spreads to what depends on it, and does not end the session."""
    broken = toy_course.altered(
        {
            "tests/test_hidden.py": '''
                """A suite with a mistake of the author's."""
                import pytest
                from grader.testing import assert_equal

                @pytest.mark.task("total")
                def test_total_broken(student):
                    """Breaks."""
                    assert_equal(student.total([1]) / 0, 1)

                @pytest.mark.task("total")
                @pytest.mark.depends("test_total_broken")
                def test_total_after(student):
                    """Depends on what breaks."""
                    assert_equal(student.total([5]), 5)

                @pytest.mark.task("Counter")
                def test_counter(student):
                    """Fits none of the submission's business."""
                    raise SystemExit(3)
                '''
        }
    )
    for _ in range(2):
        result = broken.grade(RIGHT)
        assert {
            "total_broken": "INTERNAL_ERROR",
            "total_after": "INTERNAL_ERROR",
            "counter": "INTERNAL_ERROR",
        } == failing(result.verdicts)
        assert {"double": 10.0, "total": 10.0, "Counter": 0.0} == result.points
        assert "ZeroDivisionError" in result.outcome("test_total_broken").detail


@pytest.mark.parametrize(
    ("hidden", "sentence"),
    [
        ("def test_a(student):\n    '''A.'''", 'test_a needs @pytest.mark.task("…")'),
        ("@pytest.mark.task('half')\ndef test_a(student):\n    '''A.'''", "has no task 'half'"),
        ("@pytest.mark.task('total')\ndef test_a(student): pass", "test_a needs a docstring"),
        ("@pytest.mark.task('Counter')\n@pytest.mark.depends('test_b')\ndef test_a(student):\n    '''A.'''", "test_b"),
        ("@pytest.mark.task('Counter')\n@pytest.mark.depends('test_a')\ndef test_a(student):\n    '''A.'''", "itself"),
        ("@pytest.mark.task('total')\n@pytest.mark.weight(0)\ndef test_a(student):\n    '''A.'''", "weight above 0"),
        ("@pytest.mark.task('total')\ndef test_total_small(student):\n    '''A.'''", "two checks are called"),
        ("@pytest.mark.task('total')\ndef test_a(student):\n    '''A.'''", "no check belongs to task 'Counter'"),
        ("import nowhere", "can't be collected"),
    ],
    ids=["no task", "unknown task", "no title", "unknown check", "circle", "weight", "same name", "no check", "import"],
)
def test_a_suite_with_a_mistake_is_refused(toy_course: ToyCourse, hidden: str, sentence: str) -> None:
    """Before a submission is graded, in a sentence that names the check."""
    with toy_course.altered({"tests/test_hidden.py": f"import pytest\n{hidden}"}) as course:
        assert sentence in course.session().error


def test_points_are_shared_by_weight_and_cases(toy_course: ToyCourse) -> None:
    """One case of two, of a check that weighs one of four, in a task of 10 points."""
    result = toy_course.grade(right_but("def double(x):\n    return x + x if x.shape == (2,) else x"))
    assert {"double_small": "FAILED", "double_table": "FAILED", "double_unchanged": "SKIPPED"} == failing(
        result.verdicts
    )
    assert 1.25 == result.points["double"]


@pytest.mark.parametrize("answer", ["raise NotImplementedError", "return args[-1]", "return None", "return 0"])
def test_no_answer_earns_no_points(toy_course: ToyCourse, answer: str) -> None:
    """A stub, an identity and constants score exactly 0."""
    names = ("double", "total", "Counter")
    assert 0 == toy_course.grade("\n".join(f"def {name}(*args): {answer}" for name in names)).score


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("def double(x:\n", "toy.py, line 1: '(' was never closed"),
        ("x = 1\n  y = 2\n", "toy.py, line 2: unexpected indent"),
        ("x = '\0'", "source code string cannot contain null bytes"),
        ("x = " + "(" * 5000 + ")" * 5000, "toy.py"),
        ("x = " + "-" * 100_000 + "1", "toy.py"),
        ("return 1", "toy.py, line 1: 'return' outside function"),
        ("print 'hello'", "toy.py, line 1: Missing parentheses"),
    ],
    ids=["bracket", "indent", "nul", "nested", "deep", "outside", "python 2"],
)
def test_what_is_no_python_is_not_gradable(toy_course: ToyCourse, text: str, reason: str) -> None:
    """Nothing runs and nothing is earned; the reason names the line where there is one."""
    result = toy_course.grade(text)
    assert reason in result.problem
    assert ((), {}) == (result.outcomes, result.points)


@pytest.mark.parametrize("text", ["", "# nothing\n", "double = total = Counter = 1", "'\\ud800'"])
def test_a_module_without_answers_earns_nothing(toy_course: ToyCourse, text: str) -> None:
    """It is gradable, and its checks FAILED: no such name, or nothing that can be called."""
    result = toy_course.grade(text)
    assert ("", 0) == (result.problem, result.score)
    assert {Verdict.FAILED, Verdict.SKIPPED} == set(result.verdicts.values())
    what = "has something that can't be called as" if "double" in text else "defines no"
    assert f"the submission {what} double" == result.outcome("test_double_small").reason


@pytest.mark.parametrize(
    ("statement", "verdict", "reason"),
    [
        ("1 / 0", "RAISED", "ZeroDivisionError"),
        ("import sys; sys.exit(0)", "RAISED", "SystemExit"),
        ("raise KeyboardInterrupt", "RAISED", "KeyboardInterrupt"),
        ("raise type('Mine', (KeyError,), {})", "RAISED", "KeyError"),
        ("while True: pass", "TIMED_OUT", "no answer within 0.3 s"),
        ("import time; time.sleep(100)", "TIMED_OUT", "no answer within 0.3 s"),
        ("import os; os._exit(0)", "CRASHED", "its process exited with status 0"),
        ("import ctypes; ctypes.string_at(0)", "CRASHED", "its process was ended by SIGSEGV"),
        ("x = bytearray(10**10)", "OUT_OF_MEMORY", "it asked for more memory than allowed"),
    ],
)
def test_a_module_that_fails_when_loaded(toy_course: ToyCourse, statement: str, verdict: str, reason: str) -> None:
    """Every check says so, and it is tried once: one time-out, not one a check."""
    result = toy_course.grade(f"{RIGHT}\n{statement}")
    assert {verdict} <= set(result.verdicts.values()) <= {verdict, Verdict.SKIPPED}
    assert {reason} == {each.reason for each in result.outcomes if each.verdict != Verdict.SKIPPED}
    assert 0 == result.score


def test_the_line_that_raised(toy_course: ToyCourse) -> None:
    """Of the submission, not of the library it called."""
    text = "import json\n\n\ndef total(numbers):\n    return json.loads('{')\n"
    outcome = toy_course.grade(text).outcome("test_total_small")
    assert ("ValueError", 0, 5) == (outcome.reason, outcome.cell, outcome.line)
    assert "json/" not in outcome.detail
