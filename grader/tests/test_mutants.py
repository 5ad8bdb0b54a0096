"""Slips made on purpose: which there are, and what an audit says of a suite that misses some."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from grader.audit.audit import MutantReport, audit_mutants
from grader.audit.mutants import declared_equivalent, make_mutants
from grader.core.errors import CourseError
from grader.core.topic import Topic, read_topic
from grader.release.skeleton import new_topic
from grader.tests.classroom import quick_level

REFERENCE = '''"""A reference."""


def grow(xs: list[int], by: int = 1) -> list[int]:
    """Each one grown, if it is not too large."""
    ### BEGIN SOLUTION
    grown = []
    for x in xs:
        if x < 10 and by:
            grown.append(x + by)
    return sorted(grown, reverse=False)
    ### END SOLUTION


LIMIT = 10
'''


@pytest.fixture
def topic(tmp_path: Path) -> Topic:
    """A small topic that passes its audit."""
    return read_topic(new_topic(tmp_path / "solutions", "small"))


def test_every_kind_of_slip_is_made_in_the_solution_only(topic: Topic) -> None:
    """Each mutant is a program, differs from the reference, and names its place."""
    topic.reference.write_text(REFERENCE, encoding="utf-8")
    mutants = make_mutants(topic)
    changes = [re.sub(r", column \d+", "", mutant.change) for mutant in mutants]
    assert len({mutant.change for mutant in mutants}) == len(mutants)
    assert len({mutant.text for mutant in mutants}) == len(mutants)
    for expected in (
        "grow, line 9: x < 10 -> x <= 10",
        "grow, line 9: 10 -> 11",
        "grow, line 9: 10 -> 9",
        "grow, line 9: x < 10 and by -> x < 10 or by",
        "grow, line 10: x + by -> x - by",
        "grow, line 10: grown.append(x + by) -> pass",
        "grow, line 11: False -> True",
        "grow, line 11: sorted(grown, reverse=False) -> sorted(grown)",
        "grow, line 7: grown = [] -> pass",
    ):
        assert expected in changes
    assert all(change.startswith("grow, line ") for change in changes)
    for mutant in mutants:
        assert "LIMIT = 10" in mutant.text
        ast.parse(mutant.text)


def test_declarations_are_read_and_nonsense_is_refused(topic: Topic) -> None:
    """Change and reason; an unknown key is an error."""
    assert {} == declared_equivalent(topic)
    file = topic.path / "equivalent.toml"
    file.write_text('[[mutant]]\nchange = "a -> b"\nreason = "no matter"\n', encoding="utf-8")
    assert {"a -> b": "no matter"} == declared_equivalent(topic)
    for text in ('[[mutant]]\nchange = "a"\n', '[[mutants]]\nchange = "a"\nreason = "b"\n', "[["):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(CourseError, match=r"equivalent\.toml"):
            declared_equivalent(topic)


def test_a_suite_is_tried_on_every_mutant(topic: Topic) -> None:
    """The skeleton's suite kills its reference's mutants; a declaration that is not borne out is named."""
    (topic.path / "equivalent.toml").write_text(
        '[[mutant]]\nchange = "scale, line 1, column 1: gone -> gone"\nreason = "it was"\n', encoding="utf-8"
    )
    report = audit_mutants(topic, quick_level(), 2)
    assert report.killed
    assert ("scale, line 1, column 1: gone -> gone",) == report.stale
    assert not report.holds


@pytest.mark.parametrize(("killed", "survived", "holds"), [(97, 3, True), (96, 4, False), (0, 0, True)])
def test_the_share_that_must_be_killed(killed: int, survived: int, holds: bool) -> None:
    """97 per cent of those not declared equivalent."""
    assert holds == MutantReport(killed, ("x",) * survived, (), ()).holds
