"""``--format json`` of the student's verbs: for scripts, and never mixed with words."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from course.figures.reference import ROOT
from grader.release.twin import write_twin
from grader.tests.classroom import Command, toy_course
from grader.tests.toy import RIGHT, right_but


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A student's course: one exercise, half done."""
    write_twin(toy_course(tmp_path / "author"), tmp_path / "desk" / "exercises")
    half = right_but("def total(numbers):\n    return 0\n")
    (tmp_path / "desk" / "exercises" / "toy" / "toy.py").write_text(half, encoding="utf-8")
    return tmp_path / "desk"


def told(course: Command, folder: Path, *arguments: object, code: int = 0) -> Any:
    """What a command prints as JSON."""
    ran = course(folder, *arguments, "--format", "json")
    assert (code, "") == (ran.code, ran.err)
    return json.loads(ran.out)


def test_a_check_is_what_results_hold(course: Command, desk: Path) -> None:
    """Score, tasks and public checks with their messages; exit code 1 while something fails."""
    grade = told(course, desk, "check", "toy", code=1)
    assert {"PASSED", "FAILED"} == {check["verdict"] for check in grade["checks"]}
    assert {"public"} == {check["visibility"] for check in grade["checks"]}
    assert grade["score"] == sum(task["points"] for task in grade["tasks"]) < grade["max_score"]
    (all_,) = told(course, desk, "check", code=1)
    assert ("toy", False) == (all_["topic"], all_["passed"])
    (desk / "exercises" / "toy" / "toy.py").write_text(RIGHT, encoding="utf-8")
    assert [True] == [entry["passed"] for entry in told(course, desk, "check")]


def test_topics_and_hints(course: Command, desk: Path) -> None:
    """Each hint but once, the strongest again."""
    (listed,) = told(course, desk, "list")
    assert {"topic": "toy", "title": "A toy", "max_points": 30.0} == {
        key: listed[key] for key in ("topic", "title", "max_points")
    }
    first, *_, last = [told(course, desk, "hint", "toy", "total") for _ in range(5)]
    assert (1, False, last["of"], True) == (first["number"], first["again"], last["number"], last["again"])


def test_questions_and_reviews(course: Command, tmp_path: Path) -> None:
    """One or all; what asks back has no such form, and says so."""
    shutil.copytree(ROOT / "exercises" / "review_ema", tmp_path / "exercises" / "review_ema")
    assert 26 == len(told(course, tmp_path, "questions"))
    (second,) = told(course, tmp_path, "questions", 2)
    assert {"number", "title", "answer", "key_points", "follow_ups"} < set(second)
    assert ["ema"] == [review["name"] for review in told(course, tmp_path, "review")]
    for verb in (("questions", "--ask"), ("review", "ema")):
        refused = course(tmp_path, *verb, "--format", "json")
        assert (2, True) == (refused.code, "--format json" in refused.err)
