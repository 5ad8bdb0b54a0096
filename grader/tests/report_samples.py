"""Grades that hold any text anywhere, and the pages made of them."""

from __future__ import annotations

import unicodedata
from typing import Any

import msgspec
from hypothesis import strategies as st

from grader.core.failure import Failure
from grader.core.grade import CheckGrade, Evidence, Grade, Graded, Mistake, Outcome, TaskGrade
from grader.core.verdict import Verdict

ANYTHING = st.one_of(st.text(min_size=1), st.text(alphabet="<>&\"'/!-=x \n\x1b\u202e", min_size=1))


def grade(word: str = "ada", **changes: Any) -> Grade:
    """A grade in which every text from outside holds ``word``."""
    one_line = " ".join(word.split())  # a message's own line breaks are markup
    checks = (
        CheckGrade("test_sum", "add", f"Adds {word}", Verdict.PASSED, 4.0, 4.0, "public"),
        CheckGrade(
            "test_neg", "add", "Adds below zero", Verdict.FAILED, 0.0, 4.0, "public", f"wrong {one_line}\nhelp: mind"
        ),
        CheckGrade("test_big", "mul", "Multiplies", Verdict.INTERNAL_ERROR, 0.0, 0.0, "hidden", "The grader broke"),
        CheckGrade("test_odd", "mul", "Odd ones", Verdict.SKIPPED, 0.0, 2.0, "hidden", "not run"),
    )
    made = Grade(
        student=word,
        file=f"{word}.py",
        digest="0123456789abcdef",
        gradable=True,
        score=4.0,
        max_score=10.0,
        seconds=0.25,
        mistakes=(Mistake("sign-lost", f"Mind {word}", f"evidence {word}"),),
        flags=(f"flag {word}",),
        tasks=(TaskGrade("add", 4.0, 8.0), TaskGrade("mul", 0.0, 2.0)),
        checks=checks,
    )
    return msgspec.structs.replace(made, **changes)


def graded(word: str = "ada") -> Graded:
    """The same with evidence."""
    failure = Failure(stage="values", expected="1", actual=f"actual {word}", call="add(1)", help=f"help {word}")
    outcomes = (
        Outcome(check="test_neg", verdict=Verdict.FAILED, failure=failure),
        Outcome(check="test_odd", case="k", verdict=Verdict.RAISED, reason=f"r {word}", line=3, detail=f"d {word}"),
    )
    return Graded(grade(word), Evidence(outcomes, output=f"output {word}", notes=(f"note {word}",)))


def unsafe(text: str) -> set[str]:
    """The characters of ``text`` that would steer a terminal or reorder a line."""
    return {
        char
        for char in text
        if (unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") and char not in "\n\t")
        or unicodedata.bidirectional(char) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
    }
