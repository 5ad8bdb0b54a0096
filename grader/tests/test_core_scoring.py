"""Scoring, a pure function: no outcome earns more than a task has, and our own faults cost nothing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from grader.core.grade import CheckSpec, Outcome
from grader.core.scoring import Scored, blocked_by, check_verdict, score
from grader.core.topic import Task
from grader.core.verdict import MEANING, Verdict

P, F, S, E = Verdict.PASSED, Verdict.FAILED, Verdict.SKIPPED, Verdict.INTERNAL_ERROR

CASES = ("", "a", "b", "c")

Suite = tuple[tuple[Task, ...], tuple[CheckSpec, ...]]


def check(name: str, task: str = "add", **fields: Any) -> CheckSpec:
    """A public check with a title of no interest."""
    return CheckSpec(name, task, name, "public", **fields)


def outcome(name: str, verdict: Verdict, case: str = "") -> Outcome:
    """What happened to one case."""
    return Outcome(check=name, case=case, verdict=verdict)


@st.composite
def suites(draw: st.DrawFn) -> Suite:
    """Up to three tasks with up to six checks, each of which may depend on earlier ones of any task."""
    points = st.decimals("0.01", 100, places=2).map(float)
    tasks = tuple(Task(name=name, points=draw(points)) for name in ("add", "mul", "pow")[: draw(st.integers(1, 3))])
    specs: list[CheckSpec] = []
    for number in range(draw(st.integers(1, 6))):
        cases = ("",) if draw(st.booleans()) else CASES[1 : 1 + draw(st.integers(1, 3))]
        earlier = (
            st.lists(st.sampled_from([spec.id for spec in specs]), max_size=2, unique=True) if specs else st.just([])
        )
        specs.append(
            check(
                f"test_{number}",
                draw(st.sampled_from(tasks)).name,
                weight=draw(st.sampled_from([0.1, 0.5, 1.0, 2.0, 3.0, 7.25, 1000.0])),
                depends=tuple(draw(earlier)),
                cases=cases,
            )
        )
    return tasks, tuple(specs)


def outcomes_of(specs: tuple[CheckSpec, ...], verdict: st.SearchStrategy[Verdict]) -> st.SearchStrategy[list[Outcome]]:
    """One outcome for each case of each check."""
    pairs = [(spec.id, case) for spec in specs for case in spec.cases]
    return st.tuples(*[verdict] * len(pairs)).map(
        lambda drawn: [outcome(name, each, case) for (name, case), each in zip(pairs, drawn, strict=True)]
    )


verdicts = st.sampled_from([*[P] * 6, *Verdict])


@st.composite
def runs(draw: st.DrawFn) -> tuple[Suite, list[Outcome]]:
    """A suite and what happened, some of it missing, some of it twice, some of it of no known case."""
    tasks, specs = draw(suites())
    outcomes = draw(outcomes_of(specs, verdicts))
    if draw(st.booleans()):
        outcomes = [each for each in outcomes if draw(st.integers(0, 5))]
        extra = st.builds(outcome, st.sampled_from([spec.id for spec in specs]), verdicts, st.sampled_from(CASES))
        outcomes += draw(st.lists(extra, max_size=3))
    return (tasks, specs), outcomes


# ------------------------------------------------------------------------------------------------- for any run


@settings(max_examples=100, deadline=None)
@given(runs())
def test_points_lie_between_nothing_and_the_task(run: tuple[Suite, list[Outcome]]) -> None:
    """No task earns more than it has, nor less than 0, and no check more than its share."""
    (tasks, specs), outcomes = run
    grades, scored = score(tasks, specs, outcomes)
    for task, grade in zip(tasks, grades, strict=True):
        assert grade.name == task.name
        assert grade.max_points in (0.0, task.points)
        assert 0 <= grade.points <= grade.max_points
    for each in scored:
        assert 0 <= each.points <= each.max_points


@settings(max_examples=100, deadline=None)
@given(runs())
def test_a_tasks_points_are_its_checks_points(run: tuple[Suite, list[Outcome]]) -> None:
    """The parts add up to the whole, earned and possible, but for the sixth decimal."""
    (tasks, specs), outcomes = run
    grades, scored = score(tasks, specs, outcomes)
    for grade in grades:
        own = [each for each in scored if each.spec.task == grade.name]
        assert grade.points == pytest.approx(sum(each.points for each in own), abs=1e-5)
        assert grade.max_points == pytest.approx(sum(each.max_points for each in own), abs=1e-5)


@settings(max_examples=100, deadline=None)
@given(runs(), st.randoms())
def test_the_order_of_outcomes_is_of_no_account(run: tuple[Suite, list[Outcome]], random: Any) -> None:
    """Nor is asking twice: the same outcomes are the same points."""
    (tasks, specs), outcomes = run
    before = score(tasks, specs, outcomes)
    shuffled = list(outcomes)
    random.shuffle(shuffled)
    assert score(tasks, specs, shuffled) == before
    assert score(tasks, specs, iter(outcomes)) == before
    assert score(tasks, specs, outcomes) == before


@settings(max_examples=100, deadline=None)
@given(runs())
def test_checks_come_back_in_the_order_given(run: tuple[Suite, list[Outcome]]) -> None:
    """One for each that went in."""
    (tasks, specs), outcomes = run
    assert tuple(each.spec for each in score(tasks, specs, outcomes)[1]) == specs


@settings(max_examples=100, deadline=None)
@given(suites())
def test_all_passed_is_full_points(suite: Suite) -> None:
    """For every task that has a check."""
    tasks, specs = suite
    outcomes = [outcome(spec.id, P, case) for spec in specs for case in spec.cases]
    grades, scored = score(tasks, specs, outcomes)
    graded = {spec.task for spec in specs}
    assert all(grade.points == task.points for task, grade in zip(tasks, grades, strict=True) if task.name in graded)
    assert all(each.verdict is P and each.points == each.max_points for each in scored)


@settings(max_examples=100, deadline=None)
@given(suites(), st.data())
def test_nothing_passed_is_no_points(suite: Suite, data: st.DataObject) -> None:
    """Whatever happened instead, or nothing at all."""
    tasks, specs = suite
    others = st.sampled_from([verdict for verdict in Verdict if verdict is not P])
    for outcomes in ([], data.draw(outcomes_of(specs, others))):
        grades, scored = score(tasks, specs, outcomes)
        assert not any(grade.points for grade in grades)
        assert not any(each.verdict is P for each in scored)


@settings(max_examples=100, deadline=None)
@given(runs())
def test_nothing_is_earned_on_what_did_not_pass(run: tuple[Suite, list[Outcome]]) -> None:
    """A check that depends on one that did not pass is SKIPPED, or unknown if our own fault is in between."""
    (tasks, specs), outcomes = run
    scored = {each.spec.id: each for each in score(tasks, specs, outcomes)[1]}
    for each in scored.values():
        needed = {scored[name].verdict for name in each.spec.depends}
        if needed - {P}:
            assert each.verdict is (E if E in needed else S)
            assert each.points == 0


@settings(max_examples=100, deadline=None)
@given(suites(), st.data())
def test_our_own_fault_costs_nothing(suite: Suite, data: st.DataObject) -> None:
    """Who passed everything else has full points, and a failure that turns out ours never lowers a task's."""
    tasks, specs = suite
    broken = data.draw(st.sets(st.sampled_from([spec.id for spec in specs])))
    perfect = [outcome(spec.id, E if spec.id in broken else P, case) for spec in specs for case in spec.cases]
    grades, _ = score(tasks, specs, perfect)
    assert all(grade.points == grade.max_points for grade in grades)

    outcomes = data.draw(outcomes_of(specs, st.sampled_from([P, P, P, F])))
    before = score(tasks, specs, outcomes)
    failed = {each.spec.id for each in before[1] if each.verdict is not P and each.points == 0}
    assume(failed & broken)
    after = score(
        tasks, specs, [outcome(o.check, E if o.check in failed & broken else o.verdict, o.case) for o in outcomes]
    )
    for one, two in zip(before[0], after[0], strict=True):
        assert two.points >= one.points - 1e-6


@settings(max_examples=100, deadline=None)
@given(runs(), st.data())
def test_another_case_passed_never_costs(run: tuple[Suite, list[Outcome]], data: st.DataObject) -> None:
    """Mending one failure does not lower the score."""
    (tasks, specs), outcomes = run
    outcomes = [each for each in outcomes if each.verdict is not E]
    assume(outcomes)
    which = data.draw(st.integers(0, len(outcomes) - 1))
    better = [*outcomes[:which], outcome(outcomes[which].check, P, outcomes[which].case), *outcomes[which + 1 :]]
    for one, two in zip(score(tasks, specs, outcomes)[0], score(tasks, specs, better)[0], strict=True):
        assert two.points >= one.points


# ------------------------------------------------------------------------------------------------- by example


def points(specs: list[CheckSpec], outcomes: list[Outcome], total: float = 10) -> tuple[float, list[float]]:
    """What the one task earns, and each of its checks."""
    (grade,), scored = score([Task(name="add", points=total)], specs, outcomes)
    return grade.points, [each.points for each in scored]


def test_checks_share_by_weight() -> None:
    """A weight of 3 beside two of 1 is three fifths."""
    specs = [check("one"), check("two", weight=3), check("three")]
    outcomes = [outcome("one", F), outcome("two", P), outcome("three", P)]
    assert points(specs, outcomes) == (8.0, [0.0, 6.0, 2.0])


def test_thirds_add_up() -> None:
    """Three shares of 10/3 are 10, not 9.999999."""
    specs = [check("one"), check("two"), check("three")]
    assert points(specs, [outcome(spec.id, P) for spec in specs]) == (10.0, [3.333333] * 3)


def test_a_check_with_cases_earns_in_proportion() -> None:
    """Three of four cases are three quarters of its share, and its verdict is that of the fourth."""
    specs = [check("one", cases=CASES), check("two")]
    outcomes = [outcome("one", Verdict.RAISED if case == "b" else P, case) for case in CASES] + [outcome("two", F)]
    assert points(specs, outcomes) == (3.75, [3.75, 0.0])
    assert check_verdict(specs[0], outcomes[:4]) is Verdict.RAISED


@pytest.mark.parametrize("verdict", [verdict for verdict in Verdict if verdict not in (P, E)])
def test_what_depends_is_skipped(verdict: Verdict) -> None:
    """And so on along the chain, though each of them passed by itself."""
    specs = [check("one"), check("two", depends=("one",)), check("three", depends=("two",)), check("four")]
    outcomes = [outcome("one", verdict), outcome("two", P), outcome("three", P), outcome("four", P)]
    (grade,), scored = score([Task(name="add", points=8)], specs, outcomes)
    assert [each.verdict for each in scored] == [verdict, S, S, P]
    assert grade.points == 2.0
    assert [each.max_points for each in scored] == [2.0] * 4


def test_one_failed_case_blocks_what_depends() -> None:
    """A check passes with all its cases or not at all; its own cases still earn."""
    specs = [check("one", cases=("a", "b")), check("two", depends=("one",))]
    outcomes = [outcome("one", P, "a"), outcome("one", F, "b"), outcome("two", P)]
    assert points(specs, outcomes) == (2.5, [2.5, 0.0])


def test_our_fault_leaves_the_points_to_the_others() -> None:
    """The check, and what depends on it, take no part; what is left shares all the points."""
    specs = [check("one"), check("two", depends=("one",)), check("three"), check("four")]
    outcomes = [outcome("one", E), outcome("two", P), outcome("three", P), outcome("four", F)]
    (grade,), scored = score([Task(name="add", points=10)], specs, outcomes)
    assert [each.verdict for each in scored] == [E, E, P, F]
    assert [each.max_points for each in scored] == [0.0, 0.0, 5.0, 5.0]
    assert (grade.points, grade.max_points) == (5.0, 10.0)


def test_a_task_of_which_nothing_is_known_has_no_points() -> None:
    """It can't be earned, and it can't be lost."""
    (grade,), (scored,) = score([Task(name="add", points=10)], [check("one")], [outcome("one", E)])
    assert (grade.points, grade.max_points) == (0.0, 0.0)
    assert scored == Scored(check("one"), E, 0.0, 0.0)


def test_a_missing_case_is_no_pass() -> None:
    """A run that was cut short earns nothing for the check it was in."""
    spec = check("one", cases=("a", "b"))
    assert check_verdict(spec, [outcome("one", P, "a")]) is S
    assert check_verdict(spec, []) is S
    assert points([spec], [outcome("one", P, "a")]) == (0.0, [0.0])


def test_a_case_that_passed_and_failed_did_not_pass() -> None:
    """In either order: the graver of two outcomes counts."""
    both = [outcome("one", P), outcome("one", F)]
    for outcomes in (both, both[::-1]):
        assert check_verdict(check("one"), outcomes) is F
        assert points([check("one")], outcomes) == (0.0, [0.0])


@pytest.mark.parametrize("worse", range(9))
def test_the_gravest_case_names_the_check(worse: int) -> None:
    """From our own fault, over the gravest of the student's, down to SKIPPED."""
    order = [E, Verdict.FORBIDDEN, Verdict.CRASHED, Verdict.OUT_OF_MEMORY, Verdict.TIMED_OUT, Verdict.RAISED, F, S, P]
    spec = check("one", cases=tuple(str(number) for number in range(9 - worse)))
    outcomes = [outcome("one", verdict, str(number)) for number, verdict in enumerate(order[worse:])]
    assert check_verdict(spec, outcomes[::-1]) is order[worse]


def test_blocked_by_names_the_reason() -> None:
    """Nothing, SKIPPED, or our own fault before anything else."""
    spec = check("last", depends=("one", "two"))
    assert blocked_by(check("first"), {}) is None
    assert blocked_by(spec, {"one": P, "two": P}) is None
    assert blocked_by(spec, {"one": P, "two": Verdict.TIMED_OUT}) is S
    assert blocked_by(spec, {"one": F, "two": E}) is E


def test_every_verdict_has_a_meaning_and_somebody_at_fault() -> None:
    """Students, nobody, or the grader: and only the last makes a check INTERNAL_ERROR."""
    assert set(MEANING) == set(Verdict)
    assert {verdict for verdict in Verdict if verdict.fault == "nobody"} == {P, S}
    assert {verdict for verdict in Verdict if verdict.fault == "grader"} == {E}
