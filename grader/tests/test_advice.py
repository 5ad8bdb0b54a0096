"""What a beginner should do next: every rule fits what Python, NumPy or torch really says, and repeats no prose."""

from __future__ import annotations

import re
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.failure import Failure
from grader.core.grade import CheckSpec, Outcome
from grader.core.verdict import Verdict
from grader.report import advice
from grader.report.message import Source, check_message
from grader.report.phrases import RULES, SYNTAX
from grader.testing import CheckFailure, Echo, assert_unchanged

PUBLIC = CheckSpec("test_f", "f", "Title", "public")
HIDDEN = CheckSpec("test_f", "f", "Title", "hidden")
UNBOUND = "def f():\n    if False:\n        value = 1\n    return value\n\nf()\n"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("None + 1", "ends without `return`"),
        ("None[0]", "ends without `return`"),
        ("None.shape", "ends without `return`"),
        ("range(np.float64(2))", "divide with `//`"),
        ("np.zeros(3)[1.5]", "divide with `//`"),
        ("np.zeros((2, 3)) @ np.zeros((2, 3))", "a matrix product needs (a, b) @ (b, c)"),
        ("np.zeros((2, 3)).dot(np.zeros((2, 3)))", "a matrix product needs (a, b) @ (b, c)"),
        ("np.zeros(6).reshape(4, 2)", "6 elements can't fill (4,2)"),
        ("np.zeros(3)[0, 0]", "fewer axes than indices"),
        ("[][0]", "an index lies outside"),
        ('{}["a"]', "no such key"),
        ("1 // 0", "divides by zero"),
        ('"a".shpe', "`str` has no `shpe`"),
        ("exec(UNBOUND)", "is used before this function gives it a value"),
    ],
)
def test_a_rule_fits_what_is_really_said(code: str, expected: str) -> None:
    """The texts are those of the Python and the NumPy that run this."""
    with pytest.raises(Exception) as caught, warnings.catch_warnings():
        # Python sees some of these slips before they happen.
        warnings.simplefilter("ignore")
        eval(code)
    name = type(caught.value).__name__
    assert expected in advice.on_exception(name, f"{name}: {caught.value}", [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The size of tensor a (3) must match the size of tensor b (4)", "compare from the last axis"),
        ("mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)", "`in_features`"),
        ("a leaf Variable that requires grad is being used in an in-place operation.", "torch.no_grad"),
    ],
)
def test_torchs_errors_have_their_rules(text: str, expected: str) -> None:
    """As torch words them."""
    assert expected in advice.on_exception("RuntimeError", text, [])


@pytest.mark.parametrize(("name", "pattern", "words"), RULES)
def test_each_rule_can_be_said(name: str, pattern: str, words: str) -> None:
    """Its sentence has no more gaps than its pattern finds."""
    assert words.format(*(["x"] * re.compile(pattern).groups))


@pytest.mark.parametrize(("sign", "words"), SYNTAX)
def test_each_sign_in_a_problem_is_met(sign: str, words: str) -> None:
    """By the first rule that fits it, which is its own."""
    assert words == advice.on_problem(f"f.py, line 3: {sign}")


@given(st.sampled_from([name for name, _, _ in RULES] + ["NameError", "Odd"]), st.text(), st.lists(st.text()))
def test_whatever_is_raised_the_advice_is_one_line(name: str, detail: str, lines: list[str]) -> None:
    """No text of a submission can break a message in two, nor raise here."""
    assert "\n" not in advice.on_exception(name, detail, lines)


def test_a_megabyte_of_names_is_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """A submission can't make the grader search for long: only so much of it is read."""
    compared = []

    def spy(word: str, possibilities: list[str], n: int, cutoff: float) -> list[str]:
        compared.append(len(possibilities))
        return possibilities[:1]

    monkeypatch.setattr("difflib.get_close_matches", spy)
    source = Source.of("f.py", "\n".join(f"def name_{number}(): pass" for number in range(60_000)))
    name = "NameError: name 'name_x' is not defined"
    for guilty in (
        Outcome(check="test_f", verdict=Verdict.RAISED, reason="NameError", detail=name),
        Outcome(check="test_f", verdict=Verdict.FAILED, reason="the submission defines no f"),
    ):
        assert "name_" in check_message(PUBLIC, [guilty], guilty.verdict, [source], True)
    assert [advice.MOST_NAMES] * 2 == compared


@pytest.mark.parametrize("verdict", [Verdict.RAISED, Verdict.TIMED_OUT, Verdict.FAILED])
def test_hidden_checks_give_no_advice(verdict: Verdict) -> None:
    """What it is made of came while hidden inputs were there."""
    failure = Failure(stage="type", expected="ndarray", actual="None") if verdict is Verdict.FAILED else None
    guilty = Outcome(check="test_f", verdict=verdict, reason="KeyError", detail="KeyError: 1", failure=failure)
    assert "help" in check_message(PUBLIC, [guilty], verdict, [], True)
    assert "help" not in check_message(HIDDEN, [guilty], verdict, [], True)


def test_an_argument_that_was_changed_is_named_with_a_way_out() -> None:
    """Which one, and to work on a copy."""
    with pytest.raises(CheckFailure) as caught:
        assert_unchanged(Echo(None, (np.zeros(2),), (np.ones(2),)))
    guilty = Outcome(check="test_f", verdict=Verdict.FAILED, failure=caught.value.failure)
    said = check_message(PUBLIC, [guilty], Verdict.FAILED, [], True)
    assert "argument 1 unchanged, not changed by the call" in said
    assert "help: work on a copy" in said
