"""Slips made in a code review's mended code: which there are, and that the audit tries them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from course.figures.reference import ROOT
from grader.audit import audit
from grader.audit.mutants import declared_equivalent, make_mutants
from grader.cli.main import cli
from grader.core.course import open_exercise
from grader.core.errors import CourseError
from grader.core.topic import Topic, find_topics

REVIEWS = find_topics(ROOT / "solutions", kind="review")


@pytest.mark.parametrize("review", REVIEWS, ids=lambda review: review.slug)
def test_only_what_the_tasks_promise_is_changed(review: Topic) -> None:
    """Each slip lies in a definition that a task names, each task has some, and each declared one can be made."""
    changes = [mutant.change for mutant in make_mutants(review)]
    assert {change.split(",")[0].split(".")[0] for change in changes} == {task.name for task in review.config.tasks}
    assert set(declared_equivalent(review)) <= set(changes)


def test_the_option_tries_reviews_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """A survivor in a review fails the audit, as one in an exercise does."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(audit, "audit_topic", lambda topic, *_: audit.TopicAudit(topic.slug, (), (), 0))
    monkeypatch.setattr(audit, "audit_mutants", lambda *_: audit.MutantReport(1, ("f, line 1: 0 -> 1",), (), ()))
    for topic in ("convolution", "review_ema"):
        line = ["audit", topic, "--mutants", "--sandbox", "none"]
        ran = CliRunner().invoke(cli, line, standalone_mode=False, catch_exceptions=False)
        assert "✗ mutants: 1 killed, 1 survived (50.0%)" in ran.output
        assert 1 == ran.return_value


def test_who_looks_for_an_exercise_is_told_the_reviews(tmp_path: Path) -> None:
    """Of the course, and nothing where there are none."""
    with pytest.raises(CourseError, match="the code reviews are: review_training_loop, .*review_ema"):
        open_exercise("nonsense", ROOT)
    with pytest.raises(CourseError, match="the exercises are: none$"):
        open_exercise("nonsense", tmp_path)
