"""An interview's code review and coding task: what the engine knows counts, a student's word only where nothing was."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from course.checks.proof import Proof, proved
from course.cli.main import cli
from course.content import LEVELS, TOPIC_TAGS, Level
from course.figures.reference import ROOT
from course.reviews.released import open_review, read_key
from course.site.app import create_app
from course.study import interview as interviews
from course.study.interview import CodeReview, CodingTask, Interview, Step
from course.study.judging import judged
from course.study.log import StudyLog, study_file
from grader.core.course import open_exercise
from grader.core.memory import Memory
from grader.core.review import KeyBug

HOME = "http://127.0.0.1:8765"
NOW = datetime.now(UTC)
CODING = Step("coding", "conv_arithmetic", "Write it.", 20, ("arithmetic",), task="pool_out")
REVIEW = Step("review", "training_loop", "Review it.", 10, ("training",))
SLUG = "review_training_loop"


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A student's course that was unpacked an hour ago; the working folder lies in it."""
    for name in ("conv_arithmetic", "convolution", SLUG):
        shutil.copytree(ROOT / "exercises" / name, tmp_path / "exercises" / name)
    for file in tmp_path.rglob("*.*"):
        os.utime(file, times=((NOW - timedelta(hours=1)).timestamp(),) * 2)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def client(course: Path) -> Iterator[TestClient]:
    """A browser on one of the site's own pages."""
    with TestClient(create_app(course), base_url=HOME, headers={"origin": HOME}) as made:
        yield made


def log_of(course: Path, step: Step | None = None) -> StudyLog:
    """The student's log, with an interview that stands at ``step`` and began just now."""
    log = StudyLog(study_file(course))
    if step is not None:
        log.begin_interview(Interview(1, "mid", 45, (step,), since=datetime.now(UTC)), NOW)
    return log


def said_last(course: Path) -> interviews.Exchange:
    """The last exchange of the last finished interview."""
    return log_of(course).interview_history()[-1][1].said[-1]


def half_written(course: Path) -> None:
    """The whole of conv_arithmetic, but ``pool_out`` ignores ``ceil_mode``."""
    text = (ROOT / "solutions" / "conv_arithmetic" / "conv_arithmetic.py").read_text(encoding="utf-8")
    begin = text.index("### BEGIN SOLUTION", text.index("def pool_out"))
    end = text.index("### END SOLUTION", begin)
    wrong = "return (n + 2 * p - k) // (s or k) + 1\n    "
    file = course / "exercises" / "conv_arithmetic" / "conv_arithmetic.py"
    file.write_text(text[:begin] + wrong + text[end:], encoding="utf-8")


def test_a_plan_takes_what_is_not_done() -> None:
    """An open task before one that is done, an unknown review before one whose answers were shown; else these."""
    tasks = [CodingTask("conv_arithmetic", "conv_out", done=True), CodingTask("pooling", "max_pool2d")]
    reviews = [CodeReview("ema", "An average", ("fine-tuning",), explained=True), CodeReview("loop", "A loop", ())]
    for seed in range(20):
        plan = interviews.begin(seed, "mid", 60, reviews, tasks).plan
        assert [("loop", ""), ("pooling", "max_pool2d")] == [(step.name, step.task) for step in plan[-2:]]
        plan = interviews.begin(seed, "mid", 60, reviews[:1], tasks[:1]).plan
        assert ["ema", "conv_arithmetic"] == [step.name for step in plan[-2:]]
        assert "course reset conv_arithmetic" in plan[-1].prompt


@pytest.mark.parametrize("level", LEVELS)
def test_a_task_beyond_the_level_is_not_asked(level: Level) -> None:
    """Whatever is open."""
    tasks = [CodingTask(topic, "f") for topic in TOPIC_TAGS]
    near = list(TOPIC_TAGS)[: interviews.HARDEST_TOPIC[level]]
    assert {interviews.begin(seed, level, 60, (), tasks).plan[-1].name for seed in range(60)} <= set(near)


def test_judgement_is_made_of_what_is_known(tmp_path: Path) -> None:
    """A task by its checks, a review half by findings and half by checks; the first findings since the step began."""
    log = StudyLog(study_file(tmp_path))
    assert judged(CODING, log, NOW, None) is None
    coded = judged(CODING, log, NOW, (3, 4))
    assert coded is not None
    assert (0.75, "3 of 4 public checks of pool_out pass") == (coded.score, coded.words)
    log.add_code_review(SLUG, "training", 1.0, NOW - timedelta(minutes=1))
    assert judged(REVIEW, log, NOW, None) is None
    mended = judged(REVIEW, log, NOW, (2, 2))
    assert mended is not None
    assert (1.0, True) == (mended.score, mended.half)
    assert "2 of 2 public checks of the mended code pass; no findings were handed in, so that half is not scored" == (
        mended.words
    )
    log.add_code_review(SLUG, "training", 0.5, NOW + timedelta(minutes=1))
    log.add_code_review(SLUG, "training", 1.0, NOW + timedelta(minutes=2))
    found = judged(REVIEW, log, NOW, None)
    assert found is not None
    assert (0.5, True) == (found.score, found.half)
    assert "the findings earned 50%; the code was not mended, so that half is not scored" == found.words
    both = judged(REVIEW, log, NOW, (1, 4))
    assert both is not None
    assert (0.375, False) == (both.score, both.half)
    assert [("training", 1.0)] == log.code_reviews()


def test_only_work_since_the_step_began_proves_something(course: Path) -> None:
    """A file saved earlier, or none, is not looked at; a check that remembers nothing proves nothing."""
    exercise = open_exercise("conv_arithmetic", course)
    asked: list[str] = []

    def look(since: datetime | None) -> Proof | None:
        return proved(exercise, Memory(course), since, "", lambda: asked.append("checked"))

    assert look(None) is None
    assert look(NOW) is None
    assert [] == asked
    assert look(NOW - timedelta(hours=2)) is None
    assert ["checked"] == asked
    exercise.reference.unlink()
    assert look(NOW - timedelta(hours=2)) is None


@pytest.mark.slow
def test_the_terminal_checks_what_was_written(course: Path) -> None:
    """The task's own public checks count, not those of the others; nobody is asked."""
    log_of(course, CODING)
    half_written(course)
    ran = CliRunner().invoke(cli, ["interview"], input="\n", standalone_mode=False, catch_exceptions=False)
    passed, of = (int(number) for number in re.findall(r"(\d+) of (\d+) public checks of pool_out", ran.output)[0])
    assert 0 < passed < of
    assert (passed / of, False) == (said_last(course).score, said_last(course).unproved)
    assert "own word" not in ran.output
    checked = Memory(course).read("conv_arithmetic").checked
    assert checked is not None
    assert of < sum(one.passed for one in checked.checks)


@pytest.mark.parametrize("step", [CODING, REVIEW], ids=["coding", "review"])
def test_the_terminal_shows_whose_word_it_is(course: Path, step: Step) -> None:
    """Nothing was done: it says so, asks, looks again on request, and the scorecard tells."""
    log_of(course, step)
    ran = CliRunner().invoke(cli, ["interview"], input="\n\ny\n", standalone_mode=False, catch_exceptions=False)
    assert 2 == ran.output.count("nothing was saved or handed in since")
    assert f"by your own word, nothing was checked: {step.name}" in ran.output
    assert (1.0, True) == (said_last(course).score, said_last(course).unproved)


@pytest.mark.slow
def test_the_site_checks_what_was_written(course: Path, client: TestClient) -> None:
    """A click on Done runs the checks; what a form claims does not matter."""
    log_of(course, CODING)
    half_written(course)
    client.post("/interview/answer", data={"said": "0", "act": "answer", "passed": "yes"})
    done = said_last(course)
    assert re.fullmatch(r"\d+ of \d+ public checks of pool_out pass", done.answer)
    assert done.score is not None
    assert 0 < done.score < 1
    assert not done.unproved
    assert "own word" not in client.get("/interview").text


@pytest.mark.slow
def test_the_site_scores_a_review_done_in_another_tab(course: Path, client: TestClient) -> None:
    """All findings right and the code mended: full marks, and the words for it."""
    log_of(course, REVIEW)
    client.post(f"/reviews/{SLUG}", data={f"line-{bug.lines[0]}": bug.kinds[0] for bug in known(course)})
    (course / "exercises" / SLUG / f"{SLUG}.py").write_bytes((ROOT / "solutions" / SLUG / f"{SLUG}.py").read_bytes())
    client.post("/interview/answer", data={"said": "0", "act": "answer"})
    assert 1.0 == said_last(course).score
    assert "the findings earned 100%" in said_last(course).answer


def test_a_half_that_was_not_begun_is_out_of_the_score_and_said_to_be(course: Path, client: TestClient) -> None:
    """Findings alone: the next page and the scorecard say that only they count, here and in the terminal."""
    log_of(course, REVIEW)
    client.post(f"/reviews/{SLUG}", data={f"line-{bug.lines[0]}": bug.kinds[0] for bug in known(course)})
    page = client.post("/interview/answer", data={"said": "0", "act": "answer"}).text
    assert "the code was not mended, so that half is not scored" in said_last(course).answer
    assert (1.0, True) == (said_last(course).score, said_last(course).half)
    assert "Half done, only that half is scored: training_loop." in page
    StudyLog(study_file(course)).begin_interview(Interview(1, "mid", 45, (REVIEW, CODING), since=NOW), NOW)
    ran = CliRunner().invoke(cli, ["interview"], input="\n" + "s\n" * 2, standalone_mode=False, catch_exceptions=False)
    assert "half done, only that half is scored: training_loop" in ran.output
    assert "1 of 2 parts were taken; what was skipped is not in the score" in ran.output


def known(course: Path) -> tuple[KeyBug, ...]:
    """The review's planted bugs."""
    return read_key(open_review(SLUG, course)).bugs


def test_the_site_shows_whose_word_it_is(course: Path, client: TestClient) -> None:
    """Nothing was done: only then it asks, and the scorecard tells."""
    log_of(course, CODING)
    assert 'name="passed"' not in client.get("/interview").text
    page = client.post("/interview/answer", data={"said": "0", "act": "answer"})
    assert "your file was not saved" in page.text
    assert 'name="passed"' in page.text
    page = client.post("/interview/answer", data={"said": "0", "act": "answer", "passed": "no"})
    assert "By your own word, nothing was checked: conv_arithmetic" in page.text
    assert (0.0, True) == (said_last(course).score, said_last(course).unproved)


def test_a_drawn_interview_names_an_open_task(course: Path, client: TestClient) -> None:
    """In the terminal and on the site: the first task whose checks do not pass yet."""
    CliRunner().invoke(cli, ["interview", "--seed", "1"], input="q\n", standalone_mode=False, catch_exceptions=False)
    client.post("/interview/answer", data={"said": "0", "act": "end"})
    client.post("/interview", data={"level": "mid", "minutes": "45"})
    unfinished = log_of(course).unfinished_interview()
    assert unfinished is not None
    for talk in (log_of(course).interview_history()[0][1], unfinished[1]):
        (step,) = [step for step in talk.plan if step.stage == "coding"]
        assert (step.name, step.task) in {("conv_arithmetic", "conv_out"), ("convolution", "pad2d")}
        assert talk.since is not None
