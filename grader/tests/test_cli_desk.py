"""``grader diff``, ``publish`` and ``adjust`` from end to end, on the toy course."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.gradebook import Gradebook
from grader.gradebook.writer import single_writer
from grader.tests.classroom import CLASS, Command, Ran, hand_in, program, toy_course
from grader.tests.toy import RIGHT

GRADE = ("grade", "toy", "class", "--sandbox", "none", "--jobs", "1")


@pytest.fixture(scope="module")
def graded_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The toy course, its class graded twice: cyd has handed in something better in between."""
    folder = tmp_path_factory.mktemp("desk")
    toy_course(folder)
    hand_in(folder / "class", CLASS)
    assert program("grader", folder, *GRADE).code == 0
    (folder / "class" / "cyd" / "toy.py").write_text(RIGHT, encoding="utf-8")
    assert program("grader", folder, *GRADE).code == 0
    return folder


@pytest.fixture
def course(graded_course: Path, tmp_path: Path) -> Path:
    """A copy of it for one test."""
    return Path(shutil.copytree(graded_course, tmp_path / "course"))


@pytest.fixture
def book(course: Path) -> Iterator[Gradebook]:
    """The course's gradebook."""
    with Gradebook.open(str(course / "out" / "gradebook.db")) as opened:
        yield opened


def ok(ran: Ran) -> str:
    """What a command printed that must have done its work."""
    assert ran.code == 0, ran.err
    return ran.out


def entry(folder: Path, student: str) -> Any:
    """A student's entry in a folder's results.json."""
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    return next(each for each in results["submissions"] if each["student"] == student)


def test_diff_says_who_moved_and_through_which_check(course: Path, grader: Command) -> None:
    """cyd, by ten points, through the checks of double."""
    out = ok(grader(course, "diff", "1", "2"))
    assert out.startswith("toy: run 1 → run 2\n+10  cyd  20 → 30 (another submission)\n")
    assert "+5  double: Doubles a table (test_double_table) FAILED → PASSED" in out
    assert out.endswith("1 up, 0 down, 0 with the same score and other verdicts\n")
    assert out == ok(grader(course, "diff"))
    assert "−10  cyd  30 → 20" in ok(grader(course, "diff", "latest", "previous"))


def test_diff_as_json(course: Path, grader: Command) -> None:
    """For scripts: the points that the checks moved are the student's."""
    report = json.loads(ok(grader(course, "diff", "previous", "latest", "--topic", "toy", "--format", "json")))
    assert ("toy", 1, 2) == (report["topic"], report["before"], report["after"])
    (moved,) = report["movements"]
    assert ("cyd", 20, 30, 10, True) == tuple(
        moved[key] for key in ("student", "before", "after", "moved", "resubmitted")
    )
    assert pytest.approx(10) == sum(check["points"] for check in moved["checks"])


def test_diff_of_a_run_with_itself_is_empty(course: Path, grader: Command) -> None:
    """And says so."""
    assert "nobody moves" in ok(grader(course, "diff", "2", "2"))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("diff", "7", "latest"), "there is no run '7'; give latest, previous or a number, lately: 1 (toy), 2 (toy)"),
        (("diff", "--topic", "other"), "there is no finished run of other"),
        (("diff", "--gradebook", "nowhere.db"), "there is no gradebook at nowhere.db"),
        (("publish", "9"), "there is no run '9'"),
        (("adjust", "zed", "toy", "double", "+1", "--why", "x"), "has no student 'zed'"),
        (("adjust", "adda", "toy", "double", "+1", "--why", "x"), "did you mean 'ada'?"),
        (("adjust", "ada", "vgg", "double", "+1", "--why", "x"), "no run graded 'vgg'; graded were: toy"),
        (("adjust", "ada", "toy", "halve", "+1", "--why", "x"), "toy has no task 'halve'; its tasks are double, total"),
        (("adjust", "ada", "toy", "double", "5", "--why", "x"), "POINTS is a change such as +5"),
        (("adjust", "ada", "toy", "double", "+nan", "--why", "x"), "POINTS is a change such as +5"),
        (("adjust", "ada", "toy", "double", "+" + "9" * 400, "--why", "x"), "POINTS is a change such as +5"),
        (("adjust", "ada", "toy", "double", "+5"), "needs --why"),
        (("adjust", "ada", "toy", "double"), "give TASK and POINTS"),
        (("adjust", "ada", "toy"), "or only --comment"),
        (("adjust",), "give STUDENT, TOPIC"),
        (("adjust", "--revoke", "1"), "--revoke needs --why"),
        (("adjust", "--revoke", "1", "--why", "x"), "has no adjustment 1"),
    ],
)
def test_what_can_not_be_done_is_one_sentence(
    course: Path, grader: Command, arguments: tuple[str, ...], sentence: str
) -> None:
    """Exit code 2, no traceback, nothing recorded."""
    ran = grader(course, *arguments)
    assert ran.code == 2
    assert sentence in ran.err
    assert "Traceback" not in ran.err
    assert ok(grader(course, "adjust", "--list")) == "no adjustments\n"


def test_an_adjustment_survives_a_regrade_and_is_shown_as_one(course: Path, grader: Command) -> None:
    """In results.json beside the raw score, in both kinds of feedback, in the report and on the terminal."""
    ok(grader(course, "adjust", "eve", "toy", "total", "+4", "--why", "the idea <b>was</b> right"))
    ok(grader(course, "adjust", "eve", "toy", "double", "-2.5", "--why", "copied docstring", "--comment", "See me"))
    for force in ((), ("--force",)):
        out = ok(grader(course, *GRADE, *force))
        assert "final 21.5" in out
        eve = entry(course / "out", "eve")
        assert (20, 21.5) == (eve["score"], eve["judgement"]["final_score"])
        assert ["+4", "-2.5"] == [change["change"] for change in eve["judgement"]["changes"]]
        assert "judgement" not in entry(course / "out", "ada")
        text = (course / "out" / "feedback" / "eve.txt").read_text(encoding="utf-8")
        assert "Score: 20 of 30\nFinal score: 21.5 of 30\n" in text
        assert "total: 0 → 4, by your instructor: the idea <b>was</b> right" in text
        assert "Comment: See me" in text
        page = (course / "out" / "feedback" / "eve.html").read_text(encoding="utf-8")
        assert "Final score: 21.5 of 30" in page
        assert "the idea &lt;b&gt;was&lt;/b&gt; right" in page
        assert "Final score: 21.5 of 30" in (course / "out" / "report.html").read_text(encoding="utf-8")
    assert "nobody moves" in ok(grader(course, "diff"))


def test_points_may_be_set(course: Path, grader: Command) -> None:
    """Whatever was found before or will be."""
    ok(grader(course, "adjust", "dan", "toy", "double", "=7", "--why", "a stray colon"))
    ok(grader(course, "report"))
    assert "Final score: 7 of 30" in (course / "out" / "feedback" / "dan.txt").read_text(encoding="utf-8")


def test_an_adjustment_is_revoked_and_stays_on_record(course: Path, grader: Command, book: Gradebook) -> None:
    """Listed with the reason it was taken back for; it can't be taken back twice."""
    ok(grader(course, "adjust", "eve", "toy", "total", "+4", "--why", "the idea was right"))
    ok(grader(course, "adjust", "--revoke", "1", "--why", "it was not"))
    assert "+4 (the idea was right) [revoked" in ok(grader(course, "adjust", "--list"))
    (listed,) = json.loads(ok(grader(course, "adjust", "eve", "toy", "--list", "--format", "json")))
    assert ("it was not", 4) == (listed["revoked_why"], listed["points"])
    assert "was revoked before" in grader(course, "adjust", "--revoke", "1", "--why", "again").err
    assert [] == book.adjustments()
    ok(grader(course, *GRADE))
    assert "judgement" not in entry(course / "out", "eve")


def test_what_is_published_does_not_move(course: Path, grader: Command, book: Gradebook) -> None:
    """Neither a later run nor an adjustment changes it, until a run is published again; both stay in the gradebook."""
    ok(grader(course, "adjust", "eve", "toy", "total", "+4", "--why", "the idea was right"))
    out = ok(grader(course, "publish", "previous"))
    assert "toy: run 1, 9 students, is published: out/published/toy" in out.replace("\\", "/")
    published = course / "out" / "published" / "toy"
    before = {path.name: path.read_bytes() for path in published.rglob("*") if path.is_file()}
    assert (20, 24) == (entry(published, "cyd")["score"], entry(published, "eve")["judgement"]["final_score"])
    assert {"cyd.html", "cyd.txt", "results.json"} <= before.keys()
    ok(grader(course, "adjust", "ada", "toy", "total", "-4", "--why", "late at night"))
    ok(grader(course, *GRADE, "--force"))
    assert before == {path.name: path.read_bytes() for path in published.rglob("*") if path.is_file()}
    frozen = book.published("toy")
    assert frozen is not None
    assert (20, 30) == tuple(each.score for each in frozen.submissions if each.student in ("ada", "cyd"))[::-1]
    ok(grader(course, "publish"))
    assert (30, 26) == (entry(published, "cyd")["score"], entry(published, "ada")["judgement"]["final_score"])
    assert [1, 3] == [each.run for each in book.publications()]
    assert 2 == len(ok(grader(course, "publish", "--list")).splitlines())


def test_who_left_the_class_is_in_no_published_folder(course: Path, grader: Command) -> None:
    """A folder that is published again holds that run's students only."""
    ok(grader(course, "publish"))
    (course / "class" / "ada.py").unlink()
    ok(grader(course, *GRADE))
    ok(grader(course, "publish"))
    names = {path.stem for path in (course / "out" / "published" / "toy" / "feedback").iterdir()}
    assert "ada" not in names
    assert "cyd" in names


def test_a_run_under_way_takes_nobodys_grade_away(course: Path, grader: Command, book: Gradebook) -> None:
    """Reports and course grades are of the latest finished run, if there is one."""
    before = ok(grader(course, "grades", "--format", "json"))
    under_way = book.begin_run("toy", "s", "e", "none")
    book.record(under_way, book.results(run=2)[0])
    assert before == ok(grader(course, "grades", "--format", "json"))


def test_every_verb_speaks_json(course: Path, grader: Command) -> None:
    """What is recorded, published and checked, for scripts."""

    def told(*arguments: str) -> Any:
        return json.loads(ok(grader(course, *arguments, "--format", "json")))

    assert 1.0 == told("adjust", "ada", "toy", "double", "+1", "--why", "x")["points"]
    assert 1 == told("adjust", "--revoke", "1", "--why", "y")["id"]
    published = told("publish")
    assert (2, 9) == (published["run"], published["students"])
    assert [2] == [each["run"] for each in told("publish", "--list")]
    assert {"sound": True, "problems": [], "unfinished": []} == told("gradebook", "check")


def test_a_damaged_gradebook_fails_its_check(course: Path, grader: Command, book: Gradebook) -> None:
    """Exit code 1, and what to do."""
    with book.writing() as connection:
        connection.exec_driver_sql("UPDATE grades SET score = 99 WHERE id = 1")
    ran = grader(course, "gradebook", "check")
    assert ran.code == 1
    assert "grade 1 of" in ran.out
    assert "says something else than its columns" in ran.out
    assert "restore a backup" in ran.out


def test_a_second_grade_stops_while_the_first_writes(course: Path, grader: Command, book: Gradebook) -> None:
    """One sentence that names the first; nothing is begun."""
    with single_writer(book, "grader grade toy"):
        ran = grader(course, *GRADE)
    assert ran.code == 2
    assert "is being written by `grader grade toy`, process" in ran.err
    assert "wait for it to end" in ran.err
    assert 2 == len(book.runs())
    ok(grader(course, *GRADE))


def test_a_run_that_was_not_finished_is_not_published(course: Path, grader: Command, book: Gradebook) -> None:
    """Nor is it ``latest``."""
    run = book.begin_run("toy", "s", "e", "none")
    assert "was not finished" in grader(course, "publish", str(run)).err
    assert "toy: run 2" in ok(grader(course, "publish"))
