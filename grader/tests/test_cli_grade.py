"""``grader grade`` from end to end, on the toy course: what it writes, says and returns."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from grader.cli import options
from grader.core.verdict import Verdict
from grader.sandbox.levels import LEVELS, probe
from grader.tests.classroom import (
    CLASS,
    MARKER,
    SCORES,
    Command,
    Ran,
    hand_in,
    program,
    toy_course,
    untimed,
)
from grader.tests.toy import RIGHT


@pytest.fixture(scope="module")
def level() -> str:
    """The best sandbox this host has."""
    problems = []
    for each in LEVELS:
        proof = probe(each)
        if proof.holds:
            return each
        problems.append(f"{each}: {proof.problem or proof.broken}")
    pytest.skip(f"no sandbox on this host: {'; '.join(problems)}")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with the toy topic, and its class's submissions in ``class``."""
    folder = tmp_path_factory.mktemp("course")
    toy_course(folder)
    hand_in(folder / "class", CLASS)
    return folder


@pytest.fixture(scope="module")
def graded(course: Path, level: str) -> Ran:
    """The class graded by the program itself, into ``out``."""
    return program("grader", course, "grade", "toy", "class", "--format", "json", "--jobs", "2", "--sandbox", level)


def rows(gradebook: Path, table: str) -> int:
    """How many rows a table of a gradebook has."""
    connection = sqlite3.connect(gradebook)
    try:
        return int(connection.execute(f"select count(*) from {table}").fetchone()[0])
    finally:
        connection.close()


def strings(value: Any) -> Iterator[str]:
    """Every string in a JSON value, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


def test_grade_succeeds_whatever_was_handed_in(graded: Ran) -> None:
    """The exit code says that the work was done, not how good the submissions are."""
    assert graded.code == 0, graded.err
    assert "9 of 9 graded" in graded.err
    assert "Traceback" not in graded.err


def test_grade_prints_json_as_it_writes_it(course: Path, graded: Ran) -> None:
    """Standard output holds the results and nothing else, byte for byte as in results.json."""
    assert graded.out == (course / "out" / "results.json").read_text(encoding="utf-8")
    assert json.loads(graded.out)["topic"] == "toy"


def test_results_have_exactly_the_contracts_fields(course: Path, graded: Ran) -> None:
    """Each object of results.json has the documented keys, in the documented order."""
    results = json.loads(graded.out)
    assert list(results) == ["topic", "suite_digest", "engine", "submissions"]
    for submission in results["submissions"]:
        assert list(submission) == [
            *("student", "file", "digest", "gradable", "score", "max_score", "seconds"),
            *("mistakes", "flags", "tasks", "checks"),
        ]
        for task in submission["tasks"]:
            assert list(task) == ["name", "points", "max_points"]
        for check in submission["checks"]:
            assert list(check) == ["id", "task", "title", "verdict", "points", "max_points", "visibility", "message"]
            assert check["verdict"] in {verdict.value for verdict in Verdict}
            assert check["visibility"] in {"public", "hidden"}


def test_every_submission_has_one_entry(graded: Ran) -> None:
    """One entry a student, in the order of the names, each with the points its content earns."""
    submissions = json.loads(graded.out)["submissions"]
    assert [(entry["student"], entry["score"]) for entry in submissions] == sorted(SCORES.items())
    assert {entry["max_score"] for entry in submissions} == {30}
    assert [entry["student"] for entry in submissions if not entry["gradable"]] == ["dan", "hal", "ivo"]
    assert not any(check["verdict"] == "INTERNAL_ERROR" for entry in submissions for check in entry["checks"])


def test_points_add_up(graded: Ran) -> None:
    """A submission's score is the sum of its tasks', and a task's that of its checks."""
    for entry in json.loads(graded.out)["submissions"]:
        assert entry["score"] == pytest.approx(sum(task["points"] for task in entry["tasks"]))
        for task in entry["tasks"] if entry["checks"] else ():
            checks = [check for check in entry["checks"] if check["task"] == task["name"]]
            assert task["points"] == pytest.approx(sum(check["points"] for check in checks))
            assert task["max_points"] == pytest.approx(sum(check["max_points"] for check in checks))


def test_every_student_gets_feedback(course: Path, graded: Ran) -> None:
    """One page and one text a student, complete, and nothing else in the folder."""
    feedback = course / "out" / "feedback"
    assert {path.name for path in feedback.iterdir()} == {
        f"{student}.{kind}" for student in SCORES for kind in ("html", "txt")
    }
    for student, score in SCORES.items():
        assert f"Score: {score} of 30" in (feedback / f"{student}.txt").read_text(encoding="utf-8")
        assert (feedback / f"{student}.html").read_text(encoding="utf-8").rstrip().endswith("</html>")


def test_feedback_repeats_nothing_a_submission_said(course: Path, graded: Ran) -> None:
    """What a submission prints, raises or returns while a test runs reaches neither feedback nor results."""
    texts = [path.read_text(encoding="utf-8") for path in (course / "out" / "feedback").iterdir()]
    assert [text for text in (*texts, *strings(json.loads(graded.out))) if MARKER in text] == []


def test_feedback_gives_no_hidden_test_away(course: Path, graded: Ran) -> None:
    """Neither the hidden inputs nor the hidden expected value are in what students get."""
    for path in (course / "out" / "feedback").iterdir():
        text = path.read_text(encoding="utf-8")
        assert not re.search("8675309|8000000|675000|CANARY", text), path.name


def test_the_report_names_every_student_and_needs_no_network(course: Path, graded: Ran) -> None:
    """The class report is one page that loads nothing."""
    report = (course / "out" / "report.html").read_text(encoding="utf-8")
    assert [student for student in SCORES if student not in report] == []
    assert not re.search(r"""(src|href)=["']?(https?:)?//""", report)


def test_the_gradebook_has_every_grade(course: Path, graded: Ran) -> None:
    """Each grade is stored once, those of submissions that are not gradable too."""
    assert rows(course / "out" / "gradebook.db", "grades") == len(SCORES)


def test_nothing_is_graded_twice_unless_forced(course: Path, graded: Ran, level: str, grader: Command) -> None:
    """The same command reuses every grade; --force makes every one anew; the results are the same."""
    out = course / "out"
    before = untimed(out / "results.json")
    again = grader(course, "grade", "toy", "class", "--sandbox", level)
    assert (again.code, rows(out / "gradebook.db", "grades")) == (0, 9)
    assert "9 of them graded before" in again.err
    assert untimed(out / "results.json") == before
    forced = grader(course, "grade", "toy", "class", "--sandbox", level, "--force", "--jobs", 1)
    assert (forced.code, rows(out / "gradebook.db", "grades")) == (0, 18)
    assert untimed(out / "results.json") == before


def test_grade_prints_a_table(course: Path, graded: Ran, level: str, grader: Command) -> None:
    """Text output has one line a student, and says where the report is and which sandbox was used."""
    ran = grader(course, "grade", "toy", "class", "--sandbox", level)
    lines = ran.out.splitlines()
    assert lines[0] == "toy: 9 submissions"
    for student in SCORES:
        assert len([line for line in lines if line.startswith(f"{student} ")]) == 1
    assert lines[-2:] == ["report: out/report.html", f"sandbox: {level}"]


def test_a_changed_submission_is_graded_again(tmp_path: Path, level: str, grader: Command) -> None:
    """Only what changed is graded when the class is graded again, and only the changed grade differs."""
    toy_course(tmp_path)
    folder = hand_in(tmp_path / "class", {"ada.py": RIGHT, "bob.py": RIGHT})
    grader(tmp_path, "grade", "toy", folder, "--sandbox", level)
    hand_in(folder, {"bob.py": "total = 3\n"})
    ran = grader(tmp_path, "grade", "toy", folder, "--sandbox", level, "--format", "json")
    assert "1 of them graded before" in ran.err
    assert [entry["score"] for entry in json.loads(ran.out)["submissions"]] == [30, 0]


@pytest.mark.parametrize("choice", ["full", "landlock", "none"])
def test_every_sandbox_level_gives_the_same_grades(tmp_path: Path, grader: Command, choice: str) -> None:
    """The level is the host's matter; the grades are the submissions'."""
    if choice != "none":
        proof = probe(next(each for each in LEVELS if each == choice))
        if not proof.holds:
            pytest.skip(f"{choice} is not available here: {proof.problem or proof.broken}")
    toy_course(tmp_path)
    hand_in(tmp_path / "class", {name: CLASS[name] for name in ("ada.py", "cyd/toy.py", "dan.py", "eve.py", "fay.py")})
    ran = grader(tmp_path, "grade", "toy", "class", "--sandbox", choice, "--format", "json")
    assert ran.code == 0
    scores = {entry["student"]: entry["score"] for entry in json.loads(ran.out)["submissions"]}
    assert scores == {name: SCORES[name] for name in ("ada", "cyd", "dan", "eve", "fay")}
    assert ("without any sandbox" in ran.err) == (choice == "none")


def test_a_single_file_can_be_graded(tmp_path: Path, grader: Command) -> None:
    """A file is a class of one."""
    toy_course(tmp_path)
    hand_in(tmp_path, {"ada.py": RIGHT})
    ran = grader(tmp_path, "grade", "toy", "ada.py", "--sandbox", "none", "--format", "json", "--out", "elsewhere/deep")
    assert [entry["student"] for entry in json.loads(ran.out)["submissions"]] == ["ada"]
    assert (tmp_path / "elsewhere" / "deep" / "report.html").is_file()


def test_a_suite_that_breaks_costs_nobody_points(tmp_path: Path, grader: Command) -> None:
    """An exception in a check is the grader's fault: exit code 2, one sentence, and full points for a right answer."""
    topic = toy_course(tmp_path)
    hidden = topic.tests / "test_hidden.py"
    text = hidden.read_text(encoding="utf-8")
    hidden.write_text(text.replace("assert_equal(student.total(NUMBERS), EXPECTED)", "student.total(NUMBERS)[0]"))
    hand_in(tmp_path / "class", {"ada.py": RIGHT})
    ran = grader(tmp_path, "grade", "toy", "class", "--sandbox", "none", "--format", "json")
    assert ran.code == 2
    assert "the grader broke on 1 submissions" in ran.err
    entry = json.loads(ran.out)["submissions"][0]
    broken = [check for check in entry["checks"] if check["verdict"] == "INTERNAL_ERROR"]
    assert "test_total_large" in [check["id"] for check in broken]
    assert entry["score"] == entry["max_score"] > 0
    feedback = (tmp_path / "out" / "feedback" / "ada.txt").read_text(encoding="utf-8")
    assert "our fault" in feedback
    assert "TypeError" not in feedback
    # Nothing of it is kept: the same command tries again.
    assert "graded before" not in grader(tmp_path, "grade", "toy", "class", "--sandbox", "none").err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nothing", "class"], "there is no topic 'nothing'; the topics are: toy\n"),
        (["toy", "missing"], "missing does not exist"),
        (["toy", "empty"], "holds no submission"),
        (["toy", "class", "--out", "file"], "can't be made"),
        (["toy", "class", "--out", "file/below"], "can't be made"),
        (["toy", "class", "--gradebook", "file"], "file"),
        (["toy", "class", "--gradebook", "nowhere/grades.db"], "nowhere"),
        (["toy", "class", "--gradebook", "nonsense://x"], "nonsense"),
        (["misspelt", "class"], "misspelt/topic.toml: unknown key 'titel'; did you mean 'title'?"),
    ],
    ids=lambda value: "-".join(value).replace("/", "-").replace(":", "") if isinstance(value, list) else "",
)
def test_what_cannot_be_done_is_said_in_one_sentence(
    tmp_path: Path, grader: Command, arguments: list[str], says: str
) -> None:
    """Exit code 2, nothing on standard output, one line on standard error that names the trouble, no traceback."""
    toy_course(tmp_path)
    hand_in(tmp_path, {"class/ada.py": RIGHT, "file": "no database\n" * 500})
    if "misspelt" in arguments:
        hand_in(tmp_path, {"solutions/misspelt/topic.toml": "titel = 3"})
    (tmp_path / "empty").mkdir()
    ran = grader(tmp_path, "grade", "--sandbox", "none", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
    assert ran.err.count("\n") == 1
    assert ran.err.startswith("grader: ")


@pytest.mark.parametrize(
    "arguments", [["grade"], ["grade", "toy", "class", "--jobs", "0"], ["nonsense"], ["--nonsense"]]
)
def test_a_slip_on_the_command_line_is_told(tmp_path: Path, grader: Command, arguments: list[str]) -> None:
    """A usage error ends with exit code 2 and says how to get help."""
    ran = grader(tmp_path, *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert "--help" in ran.err


def test_help_names_every_verb(tmp_path: Path, grader: Command) -> None:
    """The overview lists the verbs, and each of them explains itself."""
    overview = grader(tmp_path, "--help")
    assert overview.code == 0
    for verb in ("grade", "audit", "release", "report", "similar", "doctor", "new", "demo"):
        assert f"\n  {verb} " in overview.out
        explained = grader(tmp_path, verb, "--help")
        assert (explained.code, explained.err) == (0, "")
        assert f"grader {verb}" in explained.out


def test_debug_shows_where_it_broke(tmp_path: Path) -> None:
    """With --debug a fault comes with its traceback, without it never."""
    toy_course(tmp_path)
    plain = program("grader", tmp_path, "grade", "nothing", "class")
    told = program("grader", tmp_path, "--debug", "grade", "nothing", "class")
    assert plain.code == 2
    assert "Traceback" not in plain.err
    assert told.code != 0
    assert "Traceback" in told.err


@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_only_a_terminal_sees_colour_and_no_color_is_respected(
    no_color: str, coloured: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What goes into a file or a pipe is plain whatever the variable says."""
    monkeypatch.setenv("NO_COLOR", no_color)
    assert coloured == ("\x1b[" in options.paint("ada", "good"))
    assert "ada" == options.paint("ada", "")
    click.echo(options.paint("ada", "good"))
    assert "ada\n" == capsys.readouterr().out
