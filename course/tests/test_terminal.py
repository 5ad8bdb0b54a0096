"""The study half in a real terminal: all five parts driven by keys through tmux, one after another."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from course.figures.reference import ROOT
from course.reviews.released import open_review, read_key
from course.study import exam, interview
from course.study.log import StudyLog, study_file
from course.tests.terminal import Terminal, until

REVIEW = "review_training_loop"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A student's course of one exercise and one review."""
    for name in ("conv_arithmetic", REVIEW):
        shutil.copytree(ROOT / "exercises" / name, tmp_path / "exercises" / name)
    return tmp_path


@pytest.fixture
def terminal(desk: Path) -> Iterator[Terminal]:
    """A shell in which ``course`` is the verb; each command ends with a line that says so."""
    if shutil.which("tmux") is None:
        pytest.skip("tmux is missing: no terminal to drive")
    script = f'course() {{ clear; {sys.executable} -m course.cli.main "$@"; echo "ended: $?"; }}\n'
    (desk / "profile").write_text(script, encoding="utf-8")
    terminal = Terminal(desk, "ENV=./profile sh")
    yield terminal
    terminal.close()


@pytest.mark.slow
def test_the_five_parts_of_the_study_half(desk: Path, terminal: Terminal) -> None:
    """A question answered first, two cards, a test, a review marked, an interview; each is remembered."""

    def seen(words: str) -> None:
        until(lambda: words in terminal.screen(), f"{words!r} did not come:\n{terminal.screen()}")

    terminal.type("course questions 2 --ask")
    seen("an empty line ends it")
    terminal.type("The step between neighbouring windows.")
    terminal.press("Enter")
    seen("ended: 0")
    assert "after a weak answer" in terminal.screen()

    terminal.type("course cards --new 2")
    for rating in "34":
        seen(f"{int(rating) - 2}/2")
        terminal.press("Enter")
        seen("1 again  2 hard  3 good  4 easy:")
        terminal.type(rating)
        seen("comes again")
    seen("ended: 0")

    drawn = exam.draw(5, 2, ["junior", "mid"], ())
    terminal.type("course test --count 2 --seed 5 --level junior --level mid")
    for place, item in enumerate(drawn.items, start=1):
        seen(f"{place}/2")
        terminal.type("abcd"[item.answer])
    seen("2 of 2 right")
    seen("ended: 0")

    terminal.type("course review training_loop")
    seen("What is wrong?")
    for bug in read_key(open_review(REVIEW, desk)).bugs:
        terminal.type(f"{bug.lines[0]}:{bug.kinds[0]}")
    terminal.press("Enter")
    seen("Now mend")
    seen("ended: 0")

    plan = interview.begin(3, "mid", 15).plan
    terminal.type("course interview --seed 3 --minutes 15")
    for step in plan:
        seen(step.stage)
        if step.item is not None:
            seen("your answer:")
            terminal.type("abcd"[step.item.answer])
            continue
        for number in range(2):
            seen("follow-up" if number else "an empty line ends it")
            terminal.type("I say all of it.")
            terminal.press("Enter")
            seen("tick what your answer covered")
            points = step.key_points if not number else interview.upcoming(unfinished(desk)).key_points  # type: ignore[union-attr]
            for _ in points:
                terminal.type("y")
    seen("Scorecard: 100%")
    seen("ended: 0")

    log = StudyLog(study_file(desk))
    assert 2 == len(log.schedule())
    assert [(2, 2)] == [(right, asked) for _, right, asked in log.exam_history()]
    assert {1.0} == {score for _, score in log.code_reviews()}
    assert [1.0] == [interview.scorecard(talk).share for _, talk in log.interview_history()]


def unfinished(desk: Path) -> interview.Interview:
    """The interview as it stands."""
    found = StudyLog(study_file(desk)).unfinished_interview()
    assert found is not None
    return found[1]
