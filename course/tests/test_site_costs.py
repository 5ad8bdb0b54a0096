"""The site's pages weigh little, and the program that times them tells what is too slow."""

from __future__ import annotations

import itertools
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from course.benchmarks import site
from course.benchmarks.site import HEAVIEST, HOME, SLOWEST, Cost, Visit, cost_of, costs, live_in, told
from course.content import questions
from course.figures.reference import ROOT
from course.site.app import create_app
from course.study.log import StudyLog, study_file
from grader.core.topic import find_topics


@pytest.fixture(scope="module")
def found() -> list[Cost]:
    """The cost of every page, each asked for once."""
    return costs(ROOT, 0)


def test_every_page_is_light(found: list[Cost]) -> None:
    """Every topic, question and review, with scripts, style and pictures; by weight alone, whatever the time."""
    paths = {cost.visit.path for cost in found}
    assert {f"/topics/{topic.slug}" for topic in find_topics(ROOT / "exercises")} <= paths
    assert {f"/questions/{question.number}" for question in questions()} <= paths
    assert {f"/reviews/{topic.slug}" for topic in find_topics(ROOT / "exercises", kind="review")} <= paths
    assert [] == [(cost.visit.path, cost.weight) for cost in found if not 10_000 < cost.weight < HEAVIEST]
    assert all(cost.first > 0 for cost in found)


def test_a_page_is_timed_the_first_time_and_later(tmp_path: Path) -> None:
    """Apart, and what it loads counts for its weight but not for its time."""
    shutil.copytree(ROOT / "exercises" / "convolution", tmp_path / "exercises" / "convolution")
    ticks = itertools.accumulate([0.0, 0.5, 0.0, 0.125, 0.0, 0.25, 0.0, 0.125])
    with TestClient(create_app(tmp_path), base_url=HOME, headers={"origin": HOME}) as client:
        cost = cost_of(client, Visit("/explorer"), 3, clock=lambda: next(ticks))
        alone = len(client.get("/explorer").content)
    assert (500.0, 125.0) == (cost.first, cost.median)
    assert cost.weight > alone + 40_000
    assert not cost.within
    with TestClient(create_app(tmp_path), base_url=HOME) as stranger, pytest.raises(SystemExit, match="answers 403"):
        cost_of(stranger, Visit("/questions/1", {"answer": ""}), 0)


def test_what_misses_a_target_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """By its path, and by the exit code."""
    fine = Cost(Visit("/"), SLOWEST, SLOWEST, HEAVIEST)
    late, heavy = Cost(Visit("/topics/a"), 100.1, 1.0, 1), Cost(Visit("/topics/b"), 1.0, 1.0, HEAVIEST + 1)
    assert "/topics/…                  2" in told([fine, late, heavy])[2]
    for measured, code in ([fine], 0), ([fine, late, heavy], 1):
        monkeypatch.setattr(site, "costs", lambda _root, _rounds, measured=measured: measured)
        assert code == site.main(["--rounds", "0"])
    assert ["MISSED: /topics/a", "MISSED: /topics/b"] == capsys.readouterr().out.splitlines()[-2:]


def test_the_course_measured_is_a_lived_in_one(tmp_path: Path) -> None:
    """Every card rated, tests and interviews sat, one test still running: an empty log would be cheap to show."""
    shutil.copytree(ROOT / "exercises" / "convolution", tmp_path / "exercises" / "convolution")
    live_in(tmp_path, datetime.now(UTC))
    log = StudyLog(study_file(tmp_path))
    assert len(log.reviews()) >= 100
    assert 20 == len(log.exam_history())
    assert log.open_sitting() is not None
    assert 3 == len(log.interview_history())
