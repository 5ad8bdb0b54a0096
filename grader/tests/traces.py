"""Traces made by hand: a check "t" whose cases call f(n) and fail or pass."""

from __future__ import annotations

from typing import Any

from grader.core.grade import Outcome
from grader.core.topic import Tolerance
from grader.core.verdict import Verdict
from grader.diagnosis.answers import Exchange
from grader.diagnosis.known import RightAnswers, Trace, learn
from grader.wire import messages as m
from grader.wire.codec import Codec

EXACT = Tolerance(rtol=1e-7, atol=1e-9)


def exchange(value: Any, n: int = 0) -> Exchange:
    """One call of f(n) with its reply; a text is an exception, "KeyError" or "KeyError: its words"."""
    (argument,) = Codec().pack(n)
    if isinstance(value, str):
        kind, _, words = value.partition(": ")
        return m.Call(1, [argument], {}, name="f"), m.Raised(1, (kind, "Exception"), words, None, "")
    (packed,) = Codec().pack(value)
    return m.Call(1, [argument], {}, name="f"), m.Returned(1, packed)


def trace(failed: dict[str, Any], passed: tuple[str, ...] = (), values: dict[str, Any] | None = None) -> Trace:
    """Check "t", or "u" for a case whose name begins so, with what was answered where it failed."""
    outcomes = [Outcome(check=case[0], case=case, verdict=Verdict.FAILED) for case in failed]
    outcomes += [Outcome(check=case[0], case=case, verdict=Verdict.PASSED) for case in passed]
    answered = failed | (values or {})
    return Trace(outcomes, {(case[0], case): [exchange(value)] for case, value in answered.items()})


def right(values: dict[str, Any], *others: dict[str, Any]) -> RightAnswers:
    """Right answers that returned these values."""
    return RightAnswers(trace({}, values=values), [trace({}, values=other) for other in others], EXACT)


RIGHT_VALUES = right({"t": 0.0, "t1": 0.0, "t2": 0.0, "t3": 0.0, "u": 0.0, "u1": 0.0})


def mistake(name: str, failed: dict[str, Any], passed: tuple[str, ...] = (), of: RightAnswers = RIGHT_VALUES) -> Any:
    """A known mistake with these answers."""

    class Answer:
        header = type("Header", (), {"mistake": name, "title": name.upper(), "hint": "mind"})

    return learn(Answer, trace(failed, passed), of)  # type: ignore[arg-type]
