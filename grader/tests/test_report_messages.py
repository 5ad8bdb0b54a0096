"""Messages: what a student may read of a check, and what no message ever shows."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.failure import Failure, Stage
from grader.core.grade import CheckSpec, Outcome
from grader.core.verdict import Verdict
from grader.report.message import Source, check_message, shown_line

# Messages


PUBLIC = CheckSpec("test_f", "f", "Title", "public", depends=("test_g", "test_h"), cases=("small", "large"))


HIDDEN = CheckSpec("test_f", "f", "Title", "hidden", depends=("test_g", "test_h"), cases=("small", "large"))


SOURCE = [Source.of("f.py", "def f(x):\n    raise IndexError('MARK')  # MARK")]


FAILURE = Failure(stage="values", call="f(2)", expected="EXPECTED", actual="ACTUAL", help="HELP")


def outcome(verdict: Verdict, **fields: Any) -> Outcome:
    """A case that holds everything a message must choose from."""
    known: dict[str, Any] = {"reason": "REASON", "line": 2, "detail": "DETAIL", "case": "large"}
    return Outcome(check="test_f", verdict=verdict, **{**known, **fields})


def test_a_public_failure_tells_all_its_fields() -> None:
    """The sentence, the case and the help."""
    cases = [outcome(Verdict.PASSED, case="small"), outcome(Verdict.FAILED, failure=FAILURE)]
    expected = "f(2): expected EXPECTED, not ACTUAL (case large)\nhelp: HELP\nhint: look"
    assert expected == check_message(PUBLIC, cases, Verdict.FAILED, SOURCE, False, hint="look")


@pytest.mark.parametrize(
    ("reason", "words"),
    [("IndexError", "an IndexError"), ("ValueError", "a ValueError"), ("MARK", "an exception"), ("", "an exception")],
)
def test_a_public_exception_tells_its_built_in_type_and_line(reason: str, words: str) -> None:
    """A name that the submission made up is not repeated; its strings and comments are blanked."""
    cases = [outcome(Verdict.RAISED, reason=reason, case="")]
    expected = f"the code raised {words}\nline 2: raise …"
    told, *step = check_message(PUBLIC, cases, Verdict.RAISED, SOURCE, False).split("\nhelp: ")
    assert expected == told
    assert "MARK" not in "".join(step)


def test_a_public_fault_without_a_difference_tells_its_reason() -> None:
    """A name that is missing or banned."""
    cases = [outcome(Verdict.FORBIDDEN, reason="numpy.convolve", case="")]
    expected = "the code uses a name that this topic bans: numpy.convolve"
    assert expected == check_message(PUBLIC, cases, Verdict.FORBIDDEN, SOURCE, True)


@pytest.mark.parametrize("verdict", [v for v in Verdict if v.fault == "student"])
@pytest.mark.parametrize("show_line", [True, False])
def test_a_hidden_check_never_leaks(verdict: Verdict, show_line: bool) -> None:
    """Verdict and hint, and the blanked line of an exception; no field, reason, case or detail."""
    cases = [outcome(verdict, failure=FAILURE, case=case) for case in ("small", "large")]
    message = check_message(HIDDEN, cases, verdict, SOURCE, show_line, hint="look")
    for secret in ("EXPECTED", "ACTUAL", "HELP", "REASON", "DETAIL", "MARK", "f(2)", "small", "large"):
        assert secret not in message
    assert message.endswith("hint: look")
    assert ("line 2" in message) == (show_line and verdict is Verdict.RAISED)


@pytest.mark.parametrize(("stage", "words"), [("shape", "shape is not"), ("values", "values are not"), ("truth", "")])
def test_a_hidden_failure_tells_its_stage_where_it_may(stage: Stage, words: str) -> None:
    """In what the answer is wrong, for one check a task; an authored truth says nothing more than that it failed."""
    cases = [outcome(Verdict.FAILED, failure=Failure(stage=stage, expected="MARK", actual="MARK"))]
    told = check_message(HIDDEN, cases, Verdict.FAILED, SOURCE, True)
    assert told.startswith("the answer is not the expected one")
    assert words in told
    assert "MARK" not in told
    assert "the answer is not the expected one" == check_message(HIDDEN, cases, Verdict.FAILED, SOURCE, False)


@given(st.text(), st.text(), st.integers(), st.sampled_from([v for v in Verdict if v.fault == "student"]))
def test_a_hidden_message_does_not_depend_on_what_the_submission_said(a: str, b: str, line: int, v: Verdict) -> None:
    """Two submissions that differ only in what they said read the same; the stage is the session's own finding."""
    said = outcome(v, reason=a, detail=b, case=a, failure=Failure(stage="values", expected=a, actual=b), line=line)
    failure = Failure(stage="values", expected="", actual="")
    silent = outcome(v, reason="", detail="", case="", failure=failure, line=line)
    messages = [check_message(HIDDEN, [each], v, SOURCE, True) for each in (said, silent)]
    assert messages[0] == messages[1]


@pytest.mark.parametrize("spec", [PUBLIC, HIDDEN])
def test_detail_is_the_instructors_alone(spec: CheckSpec) -> None:
    """Whatever the verdict."""
    for verdict in Verdict:
        assert "DETAIL" not in check_message(spec, [outcome(verdict, failure=FAILURE)], verdict, SOURCE, True)


def test_our_own_fault_is_worded_as_ours() -> None:
    """And nothing else is said."""
    message = check_message(PUBLIC, [outcome(Verdict.INTERNAL_ERROR)], Verdict.INTERNAL_ERROR, SOURCE, True, "look")
    assert "The grader broke on this check. That is our fault, not yours, and costs no points." == message


@pytest.mark.parametrize("spec", [PUBLIC, HIDDEN])
def test_a_skipped_check_names_the_reason(spec: CheckSpec) -> None:
    """In the session's words, else by the checks that it depends on."""
    skipped = [outcome(Verdict.SKIPPED, reason="it needs “Adds”", case="")]
    assert "not run: it needs “Adds”" == check_message(spec, skipped, Verdict.SKIPPED, [], False)
    assert "not run: it needs test_g and test_h" == check_message(spec, [], Verdict.SKIPPED, [], False)
    alone = msgspec.structs.replace(spec, depends=())
    assert "not run, because" in check_message(alone, [], Verdict.SKIPPED, [], False)


def test_a_passed_check_says_nothing() -> None:
    """Not even its hint."""
    assert "" == check_message(PUBLIC, [outcome(Verdict.PASSED)], Verdict.PASSED, SOURCE, True, "look")


@pytest.mark.parametrize("line", [None, 0, -1, 3, 10**30])
def test_a_line_that_is_not_in_the_submission_is_not_shown(line: int | None) -> None:
    """The number is the worker's word."""
    message = check_message(HIDDEN, [outcome(Verdict.RAISED, line=line)], Verdict.RAISED, SOURCE, True)
    assert "the code raised an exception" == message
    assert message == check_message(HIDDEN, [outcome(Verdict.RAISED)], Verdict.RAISED, [], True)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("    return x[i, j]", "return x[i, j]"),
        ("\traise E('a', \"b\", rb'c')  # d\r\n", "raise …"),
        ("\tif bad(): raise E('a', b) from MARK", "if bad(): raise …"),
        ("raised = f('a', \"b\", rb'c')  # d", "raised = f('…', \"…\", '…') # …"),
        ("y = f'{x!r:>{n}} MARK' + 'MARK'", "y = '…' + '…'"),
        ("s = '''MARK'''", "s = '…'"),
        ("x = 'MARK", ""),
        ("x" * 200, "x" * 119 + "…"),
        ("x = 1 \x0c+ 2", "x = 1 �+ 2"),
    ],
)
def test_strings_and_comments_of_a_line_are_blanked(line: str, shown: str) -> None:
    """And a line that is no Python is not shown at all."""
    assert shown == shown_line(["import numpy", line], 2)


def test_a_line_inside_a_long_string_is_blanked() -> None:
    """Also where its first and last lines hold code."""
    source = ["x = f('''MARK", "MARK = 1", "MARK''', y)", "z = 1"]
    assert ["x = f('…'", "'…'", "'…', y)", "z = 1"] == [shown_line(source, number) for number in (1, 2, 3, 4)]


@given(st.text(alphabet=st.characters(exclude_characters="'\\", exclude_categories=["Cs"]), max_size=20))
def test_nothing_of_a_string_is_ever_shown(text: str) -> None:
    """Whatever it holds, the line reads the same or is not shown."""
    source = f"f('''{text}''')".split("\n")
    shown = {shown_line(source, number) for number in range(1, len(source) + 1)}
    assert shown <= {"", "f('…')", "f('…'", "'…'", "'…')"}
