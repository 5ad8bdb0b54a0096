"""Naming, with traces made by hand: what is evidence for a mistake and what is not."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import pytest

from grader.core.failure import Failure
from grader.core.grade import Outcome
from grader.core.verdict import Verdict
from grader.diagnosis.answers import SAMPLE, answers_of, differences, same
from grader.diagnosis.known import Known, KnownMistake, RightAnswers, Trace, learn
from grader.diagnosis.matching import Matcher
from grader.session.recorder import MOST_BYTES, Recorder
from grader.tests.traces import EXACT, RIGHT_VALUES, exchange, mistake, right, trace
from grader.wire import messages as m
from grader.wire import values as v
from grader.wire.codec import Codec


def names(known: Known, submission: Trace) -> list[tuple[str, str]]:
    """What is named, with the task."""
    tasks = {"t": "first", "u": "second"}
    return sorted((agreed.mistake.id, agreed.task) for agreed in Matcher(known, tasks, EXACT).agreements(submission))


GENERIC = {"t": [1.25, 2.5, 3.75, 4.5], "t1": [5.5, 6.5, 7.5]}


def test_the_same_values_name_a_mistake() -> None:
    """And slightly other ones, beyond the tolerance, do not."""
    known = (mistake("a", GENERIC),)
    assert [("a", "first")] == names(known, trace(GENERIC))
    near = {**GENERIC, "t1": [5.5 + 1e-8, 6.5, 7.5]}
    assert [("a", "first")] == names(known, trace(near))
    assert [] == names(known, trace({**GENERIC, "t1": [5.51, 6.5, 7.5]}))


@pytest.mark.parametrize("value", [0.5, None, "KeyError", [7, 7, 7]])
def test_weak_evidence_names_nothing(value: Any) -> None:
    """One number, nothing at all, an exception, a constant: anybody could have come to it."""
    weak = {"t": value, "t1": value, "t2": value}
    assert [] == names((mistake("a", weak),), trace(weak))


def test_little_evidence_is_enough_where_the_rest_is_right() -> None:
    """One wrong number among cases that pass as they do for the mistake."""
    known = (mistake("a", {"t": 0.5}, ("t1", "t2")),)
    assert [("a", "first")] == names(known, trace({"t": 0.5}, ("t1", "t2")))
    assert [] == names(known, trace({"t": 0.5, "t1": 0.25}, ("t2",)))


def test_a_tie_names_nothing() -> None:
    """Two mistakes that explain the same; unless the suite can't tell them apart at all, or they are one mistake."""
    one, other = mistake("a", GENERIC), mistake("b", {**GENERIC, "u": [1.0, 2.0, 3.0]})
    third = mistake("c", {**GENERIC, "u": [4.0, 5.0, 6.0]})
    assert [] == names((other, third), trace(GENERIC))
    assert [("a", "first")] == names((one, other, third), trace(GENERIC, ("u",)))
    assert [("a", "first")] == names((one, mistake("b", GENERIC)), trace(GENERIC))
    assert [("b", "first")] == names((other, mistake("b", GENERIC)), trace(GENERIC))


def test_two_mistakes_in_two_tasks_are_named_apart() -> None:
    """And one that shows in both is one."""
    second = {"u": [1.5, 2.25, 3.5]}
    known = (mistake("a", GENERIC), mistake("b", second))
    assert [("a", "first"), ("b", "second")] == names(known, trace({**GENERIC, **second}))
    whole = (mistake("w", {**GENERIC, **second}), *known)
    assert [("w", "first"), ("w", "second")] == names(whole, trace({**GENERIC, **second}))
    assert [("a", "first")] == names(whole, trace(GENERIC, ("u",)))


def test_agreement_where_everybody_agrees_is_no_evidence() -> None:
    """Values that are right say nothing of a mistake."""
    known = (mistake("a", {"t": [1.0, 2.0, 3.0]}, of=right({"t": [1.0, 2.0, 3.0]})),)
    assert [] == names(known, trace({"t": [1.0, 2.0, 3.0]}))


def test_what_right_answers_differ_in_contradicts_nothing() -> None:
    """A cache of any form beside the values."""
    of = right({"t": (0.0, [1, 2])}, {"t": (0.0, {"own": 1})})
    known = (mistake("a", {"t": ([1.5, 2.5, 3.5], [8, 9])}, of=of),)
    assert [("a", "first")] == names(known, trace({"t": ([1.5, 2.5, 3.5], b"text of its own")}))
    assert [] == names(known, trace({"t": ([1.5, 2.5, 3.25], [8, 9])}))


def test_what_was_skipped_or_broke_says_nothing() -> None:
    """Neither for a mistake nor against it."""
    submission = trace(GENERIC)
    more = [Outcome(check="t", case="t9", verdict=verdict) for verdict in (Verdict.SKIPPED, Verdict.INTERNAL_ERROR)]
    known = (mistake("a", {**GENERIC, "t9": 3.0}),)
    assert [("a", "first")] == names(known, Trace([*submission.outcomes, *more], submission.exchanges))


MANY = {"t": [1.25, 2.5, 3.75, 4.5], "t1": [5.5, 6.5, 7.5, 8.5], "t2": [1.125, 2.25, 3.5, 4.75]}


def test_part_of_a_mistake_is_named_where_nothing_else_is_wrong() -> None:
    """It shows in three of the four cases, with many signs; in one of four it does not count."""
    known = (mistake("a", {**MANY, "t3": [9.5, 10.5]}),)
    assert [("a", "first")] == names(known, trace(MANY, ("t3",)))
    assert [] == names(known, trace({"t": MANY["t"]}, ("t1", "t2", "t3")))


def test_a_case_among_many_may_be_answered_otherwise() -> None:
    """Two of six are by-products, three of six speak against it."""
    cases = {f"t{n}": [n + 0.125, n + 0.25, n + 0.375] for n in range(6)}
    of = right(dict.fromkeys(cases, 0.0))
    known = (mistake("a", cases, of=of),)
    assert [("a", "first")] == names(known, trace({**cases, "t4": 8.0, "t5": 9.0}))
    assert [] == names(known, trace({**cases, "t3": 7.0, "t4": 8.0, "t5": 9.0}))


def test_the_same_number_in_three_cases_is_enough() -> None:
    """Where another mistake fails the same cases with another number; two cases could be chance."""
    passed = ("t3",)

    def named(*cases: str) -> list[tuple[str, str]]:
        known = (mistake("a", dict.fromkeys(cases, 0.5), passed), mistake("b", dict.fromkeys(cases, 0.25), passed))
        return names(known, trace(dict.fromkeys(cases, 0.5), passed))

    assert [("a", "first")] == named("t", "t1", "t2")
    assert [] == named("t", "t1")


def test_a_crash_in_other_words_is_no_sign() -> None:
    """A mistake that a library complains of by shapes is named by these; one without words by any exception there."""
    passed = ("t1", "t2")
    worded = (mistake("a", {"t": "ValueError: shapes (2,3) and (4,5) not aligned"}, passed),)
    silent = (mistake("a", {"t": "KeyError"}, passed),)

    def named(known: Known, said: str) -> list[tuple[str, str]]:
        return names(known, trace({"t": said}, passed))

    assert [("a", "first")] == named(worded, "ValueError: shapes (2,3) and (4,5) not aligned")
    assert [] == named(worded, "ValueError: shapes (2,3) and (7,7) not aligned")
    assert [] == named(worded, "KeyError")
    assert [("a", "first")] == named(silent, "IndexError")


def test_a_misspelt_name_is_no_sign_of_another_crash() -> None:
    """It raises where a mistake raises, as everything there would; one that raises the same is named."""
    passed = ("t1", "t2")

    def named(known: str, said: str) -> list[tuple[str, str]]:
        return names((mistake("a", {"t": known}, passed),), trace({"t": said}, passed))

    for slip in ("NameError", "AttributeError"):
        assert [] == named("RuntimeError", slip)
        assert [("a", "first")] == named(slip, slip)
    assert [("a", "first")] == named("RuntimeError", "ValueError")


def test_what_shows_in_two_tasks_is_better_where_more_is_wrong() -> None:
    """Than what leaves less unexplained in one of them, though it would break only that one."""
    both = {**{f"t{n}": [n + 0.125, n + 0.25, n + 0.375, n + 0.5] for n in range(8)}, "u": [1.5, 2.25, 3.5, 4.75]}
    first = {case: values for case, values in both.items() if case != "u"}
    of = right(dict.fromkeys((*both, "t8", "t9"), 0.0))
    known = (mistake("two", both, ("t8", "t9"), of=of), mistake("one", {**first, "t8": 6.0}, ("t9",), of=of))
    submission = trace({**both, "t8": 6.0, "t9": 7.0})
    assert [("two", "first"), ("two", "second")] == names(known, submission)


def test_words_of_a_check_tell_mistakes_apart_where_nothing_passes() -> None:
    """If it has other words for other wrong values: without, all wrong values look alike."""

    def worded(help: str) -> Trace:
        failure = Failure(stage="values", expected="1", actual="2", help=help)
        call = exchange(help)
        return Trace([Outcome(check="t", case="t", verdict=Verdict.FAILED, failure=failure)], {("t", "t"): [call]})

    def learnt(name: str, help: str) -> Any:
        class Answer:
            header = type("Header", (), {"mistake": name, "title": name, "hint": "mind"})

        # What right answers give differs from call to call, as a random draw does.
        return learn(Answer, worded(help), of)  # type: ignore[arg-type]

    of = right({"t": "one"}, {"t": "another"})
    swapped, lost = learnt("swapped", "the two are swapped"), learnt("lost", "one is lost")
    assert [("swapped", "first")] == names((swapped, lost), worded("the two are swapped"))
    assert [] == names((swapped,), worded("the two are swapped"))


def test_what_an_argument_was_changed_into_does_not_matter() -> None:
    """That it was changed is the mistake."""

    def changed(into: list[float]) -> Trace:
        call, reply = exchange([1.0, 2.0])
        assert isinstance(reply, m.Returned)
        after = msgspec.structs.replace(reply, after=(Codec().pack(into)[0],))
        failure = Failure(stage="unchanged", expected="x as it was", actual="another x")
        outcome = Outcome(check="t", case="t", verdict=Verdict.FAILED, failure=failure)
        return Trace([outcome], {("t", "t"): [(call, after)]})

    unchanged = changed([3.0, 4.0])
    of = RightAnswers(Trace([], unchanged.exchanges), [], EXACT)

    class Answer:
        header = type("Header", (), {"mistake": "a", "title": "A", "hint": "mind"})

    known = (learn(Answer, changed([0.5, 1.5]), of),)  # type: ignore[arg-type]
    more = [Outcome(check="t", case="t9", verdict=Verdict.PASSED)]
    submission = changed([7.5, 8.5])
    assert [("a", "first")] == names(known, Trace([*submission.outcomes, *more], submission.exchanges))


def test_chance_is_no_evidence() -> None:
    """What a known wrong answer gives otherwise when it is run again contradicts nothing, and proves nothing."""

    class Answer:
        header = type("Header", (), {"mistake": "a", "title": "A", "hint": "mind"})

    first, second = trace({"t": [1.5, 2.5, 3.5, 4.5]}), trace({"t": [6.5, 7.5, 8.5, 9.5]})
    for again in ([second], [first, second], [second, first, first]):
        known = (learn(Answer, first, RIGHT_VALUES, again),)  # type: ignore[arg-type]
        assert [] == names(known, first)


def test_what_passes_by_chance_speaks_for_nothing_and_against_nothing() -> None:
    """A case that a known wrong answer passes with some draws and fails with others may come out either way."""

    class Answer:
        header = type("Header", (), {"mistake": "a", "title": "A", "hint": "mind"})

    wrong = {"t": [1.5, 2.5, 3.5, 4.5]}
    unlucky, lucky = trace({**wrong, "t1": 6.5}, ("t2",)), trace(wrong, ("t1", "t2"))
    for once, again in ((unlucky, [unlucky, lucky]), (lucky, [unlucky])):
        known = (learn(Answer, once, RIGHT_VALUES, again),)  # type: ignore[arg-type]
        for submission in (unlucky, lucky, trace({**wrong, "t1": 8.5}, ("t2",))):
            assert [("a", "first")] == names(known, submission)
        assert [] == names(known, trace({"t1": 6.5}, ("t", "t2")))


def test_a_named_tuple_is_a_tuple() -> None:
    """It crosses as an object that is gone through at once."""
    call, reply = exchange((1.5, 2.5))
    listed = exchange([1.5, 2.5])[1]
    (one,) = answers_of([(call, m.Returned(1, v.HandleRef(1, "Pair"))), (m.Items(2, 1, 5), listed)])
    (other,) = answers_of([(call, reply)])
    assert one == other


# ---- answers of any kind


@pytest.mark.parametrize(
    "value",
    [
        v.Array("<f8", (3,), b"short"),
        v.Array("V8", (1,), b"12345678"),
        v.Tensor("float99", (), b""),
        v.Scalar("<f8", b"1"),
    ],
)
def test_an_ill_formed_value_is_a_fault_and_nothing_worse(value: v.Value) -> None:
    """The session refuses it too."""
    call = m.Call(1, [], {}, name="f")
    (answer,) = answers_of([(call, m.Returned(1, value))])
    assert ["fault CRASHED"] == [leaf.kind for leaf in answer.leaves]


def test_a_large_array_is_kept_as_a_sample() -> None:
    """Two that differ in many elements differ in the sample; the whole is not kept."""
    whole = np.arange(100_000.0)
    (one,), (other,) = answers_of([exchange(whole)]), answers_of([exchange(whole + (whole > 50_000))])
    assert SAMPLE * 8 == len(one.leaves[0].data)
    assert ["value"] == list(differences(one.leaves, other.leaves, EXACT))


def test_answers_of_every_kind_are_compared() -> None:
    """Each is like itself and unlike the others, and comparing them raises nothing."""
    arrays = [np.array(x) for x in ([True, False], [1, 2], [0.5, np.nan], [1j, 0])]
    values = [*arrays, True, 1, 0.5, "KeyError", None, (1, 2), [1, 2], {"k": 1}, np.array([False, False])]
    answers = [answers_of([exchange(value)])[0].leaves for value in values]
    for row, one in enumerate(answers):
        assert [n == row for n in range(len(values))] == [same(one, other, EXACT) for other in answers]


def test_a_nest_is_looked_into_as_deep_as_may_cross() -> None:
    """A deeper one is a fault, and no RecursionError."""
    nest: v.Value = 1
    for _ in range(500):
        nest = v.List([nest])
    (answer,) = answers_of([(m.Items(1, 1, 5), m.Returned(1, nest))])
    assert ["fault CRASHED"] == [leaf.kind for leaf in answer.leaves]
    recorder = Recorder()
    recorder.begin()
    recorder.add(m.Items(1, 1, 5), m.Returned(1, nest))
    recorder.end("t", "", False)
    assert {("t", ""): []} == recorder.exchanges


def test_a_recorder_keeps_failed_cases_within_its_bound() -> None:
    """Of those that pass nothing stays, and a flood is cut off."""
    recorder = Recorder()
    flood = m.Returned(1, v.Bytes(bytes(MOST_BYTES // 3)))
    for case, passed in (("a", True), ("b", False), ("c", False), ("d", False)):
        recorder.begin()
        recorder.add(m.Items(1, 1, 5), flood)
        recorder.end("t", case, passed)
    assert {"b": 1, "c": 1, "d": 0} == {case: len(kept) for (_, case), kept in recorder.exchanges.items()}


def test_known_mistakes_survive_the_disk() -> None:
    """Every kind of value, encoded and decoded."""
    values = [
        1,
        2.5,
        np.array([True, False]),
        "KeyError",
        None,
        (1, [2.0]),
        {"k": 1j},
        np.arange(3),
        np.float32(1),
        10**40,
        slice(1, 2),
    ]
    known = tuple(mistake(str(n), {"t": value}) for n, value in enumerate(values))
    assert known == msgspec.msgpack.decode(msgspec.msgpack.encode(known), type=tuple[KnownMistake, ...])
