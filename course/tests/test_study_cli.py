"""The study verbs, from the first line to the last, with what a student types on stdin."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course.cli.main import cli
from course.content import cards, question_numbered
from course.figures.reference import ROOT
from course.study import exam
from course.study.log import StudyLog, study_file
from grader.cli.main import run


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A student's course with nothing remembered yet; the working folder lies in it."""
    shutil.copytree(ROOT / "exercises", tmp_path / "exercises", ignore=shutil.ignore_patterns("*.ipynb"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def typed(arguments: list[str], stdin: str = "") -> Result:
    """The verb, run with ``stdin``."""
    return CliRunner().invoke(cli, arguments, input=stdin, standalone_mode=False, catch_exceptions=False)


@pytest.mark.parametrize("verb", ["questions", "cards", "test", "interview"])
def test_each_verb_is_documented(verb: str) -> None:
    """In the README, by its own help, and in the list of verbs."""
    assert f"`course {verb}`" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert typed([verb, "--help"]).output.startswith("Usage: ")
    assert f"  {verb} " in typed(["--help"]).output


def test_questions_are_listed_and_shown(course: Path) -> None:
    """A table, then one with its answer in plain text."""
    listed = typed(["questions"]).output
    assert "What is a feature map in a CNN?" in listed
    assert 26 == sum(line[:2].strip().isdigit() for line in listed.splitlines())
    assert "feature map" not in typed(["questions", "--tag", "pooling", "--level", "junior"]).output
    shown = typed(["questions", "2"]).output
    assert "aliasing" in shown or "alias" in shown
    assert "\\frac" not in shown
    assert "$" not in shown
    assert f"picture: {course}/exercises/conv_arithmetic/figures/output_size.svg" in shown.splitlines()


def test_a_written_answer_gets_suggestions(course: Path) -> None:
    """Then the answer is shown; q stops before it."""
    output = typed(["questions", "2", "--ask"], "The step between neighbouring windows.\n\n").output
    assert "+ Stride is the step between neighbouring windows" in output
    assert "Key points" in output
    assert "Key points" not in typed(["questions", "2", "--ask"], "q\n").output


def test_a_question_that_is_not_there(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One sentence, exit code 2."""
    assert 2 == run(cli, ["questions", "27"])
    assert "course: there is no question 27: choose one of 1 to 26\n" == capsys.readouterr().err


def test_cards_are_reviewed_and_remembered(course: Path) -> None:
    """Two are rated, a slip of the finger is asked again, then q stops; the rated ones are not shown again."""
    output = typed(["cards", "--new", "3"], "\n3\n\n7\n4\n\nq\n").output
    first, second, third = cards()[:3]
    assert first.front in output.replace("\n", " ")
    assert "please answer 1, 2, 3, 4" in output
    log = StudyLog(study_file(course))
    assert [(first.id, "good"), (second.id, "easy")] == [(card, rating) for card, rating, _ in log.reviews()]
    again = typed(["cards", "--new", "1"], "").output
    assert third.front.split("?")[0] in again.replace("\n", " ")
    assert first.front not in again.replace("\n", " ")


def test_no_card_is_due(course: Path) -> None:
    """It says when the next one is."""
    assert "no card is due\n" == typed(["cards", "--new", "0"]).output
    typed(["cards", "--new", "1"], "\n3\n")
    assert "no card is due; the next one in 10 min\n" == typed(["cards", "--new", "0"]).output


@pytest.mark.parametrize("format_", ["anki", "markdown", "html"])
def test_cards_are_exported(course: Path, format_: str) -> None:
    """Those of the tags asked for."""
    output = typed(["cards", "--tag", "pooling", "--export", format_, "out.file"]).output
    count = sum("pooling" in card.tags for card in cards())
    assert f"{count} cards: out.file\n" == output
    assert (course / "out.file").stat().st_size > 1000


@pytest.mark.parametrize("export", ["cards anki", "cards html", "cards markdown", "questions html"])
def test_an_export_to_nowhere_is_one_sentence(course: Path, export: str, capsys: pytest.CaptureFixture[str]) -> None:
    """No traceback, exit code 2."""
    verb, format_ = export.split()
    assert 2 == run(cli, [verb, "--export", format_, "missing/folder/file"])
    assert "course: missing/folder/file can't be written: No such file or directory\n" == capsys.readouterr().err


def test_questions_are_exported(course: Path) -> None:
    """As Markdown and HTML."""
    for format_ in ("markdown", "html"):
        assert "26 questions: all\n" == typed(["questions", "--export", format_, "all"]).output
        assert question_numbered(26).title in (course / "all").read_text(encoding="utf-8")


def test_a_test_is_taken(course: Path) -> None:
    """All right but one skipped: the score by tag, the slip and the working."""
    drawn = exam.draw(8, 4)
    letters = ["abcd"[item.answer] for item in drawn.items]
    letters[2] = "s"
    output = typed(["test", "--seed", "8", "--count", "4"], "\n".join(letters) + "\n").output
    assert "3 of 4 right" in output
    assert "yours: not answered" in output
    assert "least known so far" in output
    assert drawn.items[2].explanation in output.replace("\n", " ")
    assert [(3.0, 4)] == [row[1:] for row in StudyLog(study_file(course)).exam_history()]


def test_a_test_handed_in_early(course: Path) -> None:
    """What was not answered is wrong; what was, counts."""
    drawn = exam.draw(8, 3)
    wrong = "abcd"[(drawn.items[0].answer + 1) % 4]
    output = typed(["test", "--seed", "8", "--count", "3"], f"{wrong}\nq\n").output
    assert "0 of 3 right" in output
    assert drawn.items[0].choices["abcd".index(wrong)].slip in output.replace("\n", " ")
    assert [0.0] == [score for _, score in StudyLog(study_file(course)).answers()]


def test_the_time_is_up(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test ends by itself, and a late answer does not count."""
    clock = iter([0.0, 1.0, 1e6, 1e6, 1e6])
    monkeypatch.setattr("course.cli.test.time.monotonic", lambda: next(clock))
    drawn = exam.draw(8, 3)
    output = typed(["test", "--seed", "8", "--count", "3"], f"{'abcd'[drawn.items[0].answer]}\n").output
    assert "the time is up" in output
    assert "0 of 3 right" in output
    assert "after the time was up" in output


def test_an_interview_is_broken_off_and_gone_on_with(course: Path) -> None:
    """It resumes after the last answer, ends with a scorecard, and the next one shows the one before."""
    arguments = ["interview", "--seed", "3", "--minutes", "15"]
    first = typed(arguments, "A kernel slides.\n\n\n\n\n\n\n\nq\n").output
    assert "broken off" in first
    unfinished = StudyLog(study_file(course)).unfinished_interview()
    assert unfinished is not None
    assert 1 <= len(unfinished[1].said)
    rest = typed(["interview"], "nothing\n\n" + "n\n" * 6 + "something\n\n" + "y\n" * 6 + "a\n" * 30).output
    assert "going on after" in rest
    done = _finish(["interview"])
    assert "Scorecard" in done
    assert StudyLog(study_file(course)).unfinished_interview() is None
    assert "before: " in _finish(arguments)


def _finish(arguments: list[str]) -> str:
    """Lines that suit every prompt, for as long as the interview asks."""
    output = ""
    for _ in range(12):
        output = typed(arguments, "a\n" + "\n" * 40).output
        if "Scorecard" in output:
            return output
        arguments = ["interview"]
    return output


@pytest.mark.parametrize("line", ["interview --minutes 5", "test --level senior --tag features"])
def test_what_cannot_be_drawn_is_one_sentence(course: Path, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    """And exit code 2."""
    assert 2 == run(cli, line.split())
    assert 1 == capsys.readouterr().err.count("\n")


def test_a_damaged_log_is_one_sentence(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It stays where it is."""
    file = study_file(course)
    file.parent.mkdir()
    file.write_bytes(b"rubbish" * 1000)
    for verb in ("cards", "test", "interview"):
        assert 2 == run(cli, [verb])
        assert "is damaged" in capsys.readouterr().err
    assert b"rubbish" * 1000 == file.read_bytes()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["cards", "test", "interview", "questions --ask"]), st.text(max_size=200))
def test_no_input_breaks_a_verb(course: Path, verb: str, stdin: str) -> None:
    """Whatever is typed or piped in: it ends, with 0, and the log can still be read."""
    assert 0 == typed(verb.split(), stdin).return_value
    assert set(StudyLog(study_file(course)).schedule()) <= {card.id for card in cards()}
