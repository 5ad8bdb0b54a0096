"""Naming, with traces made by hand: what crashes, dtypes, times and the words of checks say."""

from __future__ import annotations

import numpy as np
import pytest

from grader.core.failure import Failure
from grader.core.grade import Outcome
from grader.core.topic import Tolerance
from grader.core.verdict import Verdict
from grader.diagnosis.known import Known, Trace, learn
from grader.diagnosis.matching import Matcher
from grader.tests.traces import EXACT, exchange, mistake, right, trace


def names(known: Known, submission: Trace, tolerance: Tolerance = EXACT) -> list[str]:
    """What is named in the only task."""
    return [agreed.mistake.id for agreed in Matcher(known, {"t": "first"}, tolerance).agreements(submission)]


CRASHES = {case: f"RuntimeError: shapes ({n}x3) and (4x{n})" for n, case in enumerate(("t", "t1", "t2", "t3"), start=5)}


def test_the_shapes_that_a_library_complains_of_name_a_mistake() -> None:
    """Other shapes, or words without numbers, are anybody's crash."""
    known = (mistake("a", CRASHES),)
    assert ["a"] == names(known, trace(CRASHES))
    assert [] == names(known, trace({case: words.replace("3", "2") for case, words in CRASHES.items()}))
    wordless = dict.fromkeys(CRASHES, "RuntimeError: shapes do not fit")
    assert [] == names((mistake("a", wordless),), trace(wordless))


def test_shapes_alone_name_nothing_where_anything_speaks_against_them() -> None:
    """What a library complains of is much the same after many mistakes."""
    many = {f"t{n}": f"RuntimeError: shapes ({n}x3) and (4x{n})" for n in range(10)}
    known = (mistake("a", many, ("u",)),)
    assert ["a"] == names(known, trace(many, ("u",)))
    assert [] == names(known, trace({**many, "t0": [1.5, 2.5], "t1": [0.5]}, ("u",)))


def test_wrong_numbers_of_another_dtype_are_the_same_wrong_numbers() -> None:
    """But right numbers of another dtype are no sign, and other numbers contradict."""
    cases = ("t", "t1", "t2")
    of = right({case: np.array([1.5, 2.5, n + 0.5]) for n, case in enumerate(cases)})
    floored = {case: np.array([1, 2, n]) for n, case in enumerate(cases)}
    known = (mistake("a", floored, of=of),)
    assert ["a"] == names(known, trace({case: value.astype(float) for case, value in floored.items()}))
    assert [] == names(known, trace({case: value + 1.0 for case, value in floored.items()}))
    narrow = {case: np.array([1.5, 2.5, n + 0.5], dtype=np.float32) for n, case in enumerate(cases)}
    assert [] == names((mistake("a", narrow, of=of),), trace({case: [0.0] for case in cases}))


def test_a_milder_form_is_named_where_most_of_the_task_passes() -> None:
    """Four wrong numbers in one of two cases that the mistake fails, and all else right."""
    rest = ("t2", "t3", "t4")
    known = (mistake("a", {"t": [1.25, 2.5, 3.75, 4.5], "t1": [5.5]}, rest),)
    assert ["a"] == names(known, trace({"t": [1.25, 2.5, 3.75, 4.5]}, ("t1", *rest)))
    assert [] == names(known, trace({"t1": [5.5]}, ("t", *rest)))


def test_one_case_of_many_may_fail_besides() -> None:
    """Seven agree and an eighth fails of its own; two more are too many, and so is one that is answered otherwise."""
    wrong = {f"t{n}": n + 0.5 for n in range(7)}
    of = right(dict.fromkeys(wrong, 0.0))
    known = (mistake("a", wrong, ("u", "t8", "t9"), of=of),)
    assert ["a"] == names(known, trace({**wrong, "t8": 9.0}, ("u", "t9")))
    assert [] == names(known, trace({**wrong, "t8": 9.0, "t9": 9.0}, ("u",)))
    assert [] == names(known, trace({**wrong, "t0": 9.0}, ("u", "t8", "t9")))


def _failing(cases: dict[str, Outcome]) -> Trace:
    passed = Outcome(check="t", case="right", verdict=Verdict.PASSED)
    return Trace([*cases.values(), passed], {("t", case): [exchange("KeyError")] for case in cases})


@pytest.mark.parametrize("named", [1, 2])
def test_which_argument_was_changed_tells_mistakes_apart(named: int) -> None:
    """Where the values say nothing, it is the only difference."""

    def changed(position: int) -> Trace:
        failure = Failure(stage="unchanged", expected=f"argument {position} unchanged", actual="changed by the call")
        return _failing({"t": Outcome(check="t", case="t", verdict=Verdict.FAILED, failure=failure)})

    known = tuple(learn(_answer(f"a{n}"), changed(n), right({})) for n in (1, 2))  # type: ignore[arg-type]
    assert [f"a{named}"] == names(known, changed(named))


def test_what_is_too_slow_in_the_same_cases_is_named() -> None:
    """There is no answer to compare; which cases end in time says enough, if one mistake alone is so slow."""

    def slow(*cases: str) -> Trace:
        return _failing({case: Outcome(check="t", case=case, verdict=Verdict.TIMED_OUT) for case in cases})

    known = (learn(_answer("a"), slow("t", "t1"), right({})),)  # type: ignore[arg-type]
    assert ["a"] == names(known, slow("t", "t1"))
    assert [] == names(known, slow("t"))


def _answer(name: str) -> object:
    class Answer:
        header = type("Header", (), {"mistake": name, "title": name, "hint": "mind"})

    return Answer
