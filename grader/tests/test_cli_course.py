"""A student's day, the sample class and the report from end to end: check, demo and report."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from course.cli.main import cli as course_cli
from grader.cli.demo import FEW
from grader.core.answer import known_answers
from grader.core.topic import find_topics
from grader.release.twin import write_twin
from grader.tests.classroom import (
    MARKER,
    ROOT,
    Command,
    Ran,
    command_here,
    hand_in,
    program,
    start,
    toy_course,
    untimed,
)
from grader.tests.toy import RIGHT, right_but

FAKE_TORCH = """
import pathlib

pathlib.Path({note!r}).touch()
raise ImportError("this torch is only here to be found")
"""

PUBLIC_COUNTER = '''

@pytest.mark.task("Counter")
def test_counter_small(student: Any) -> None:
    """Counts one step."""
    assert_equal(student.Counter(1).step(), 2)
'''


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a student has: the toy exercise, and nothing of the solutions."""
    author, folder = tmp_path_factory.mktemp("author"), tmp_path_factory.mktemp("desk")
    write_twin(toy_course(author), folder / "exercises")
    with (folder / "exercises" / "toy" / "test_public.py").open("a", encoding="utf-8") as file:
        file.write(PUBLIC_COUNTER)
    return folder


def test_a_task_may_have_hidden_checks_only(tmp_path: Path) -> None:
    """The toy's Counter has no public check: the other tasks can be checked all the same."""
    write_twin(toy_course(tmp_path / "author"), tmp_path / "exercises")
    ran = program("course", tmp_path, "check", "toy")
    assert (ran.code, ran.err) == (1, "")
    assert "✗ Adds a few numbers" in ran.out


def check(desk: Path, text: str, *options: str, **environment: str) -> Ran:
    """``course check toy`` on a file with this text."""
    file = hand_in(desk, {"mine.py": text}) / "mine.py"
    return program("course", desk, "check", "toy", "--file", file, *options, **environment)


def test_the_stub_does_not_pass(desk: Path) -> None:
    """Exit code 1, each failing check with its title and what to do, hidden checks not mentioned."""
    ran = program("course", desk, "check", "toy")
    assert (ran.code, ran.err) == (1, "")
    assert "Score: 0 of 30" in ran.out
    assert "✗ Doubles a few numbers" in ran.out
    assert "NotImplementedError" in ran.out
    assert "Doubles a table" not in ran.out


@pytest.mark.parametrize("options", [(), ("--debug",)], ids=["worker", "debug"])
def test_a_right_answer_passes(desk: Path, options: tuple[str, ...]) -> None:
    """Exit code 0 when every public check passes, in a worker or in this very process."""
    ran = check(desk, RIGHT, *options)
    assert (ran.code, ran.err) == (0, "")
    assert "✗" not in ran.out


@pytest.mark.parametrize("options", [(), ("--debug",)], ids=["worker", "debug"])
def test_a_wrong_answer_is_told_all(desk: Path, options: tuple[str, ...]) -> None:
    """A student's own machine holds back nothing: the call, expected and actual values, the exception, the output."""
    text = right_but(f"""
        def double(x):
            print("{MARKER}")
            return x + 1

        def total(numbers):
            raise KeyError("{MARKER} raised")
        """)
    ran = check(desk, text, *options)
    assert ran.code == 1
    assert "double(x: [1., 2.])" in ran.out
    assert f"KeyError: '{MARKER} raised'" in ran.out
    assert f"{MARKER}\n" in ran.out


def test_debug_runs_in_the_same_process(desk: Path) -> None:
    """So that a breakpoint works: the submission runs in the program itself, under its file's real path."""
    text = right_but("import os\nprint('pid', os.getpid(), __file__)\n")
    file = hand_in(desk, {"where.py": text}) / "where.py"
    process = start("course", desk, "check", "toy", "--file", file, "--debug")
    out, _ = process.communicate(timeout=120)
    assert f"pid {process.pid} {file}" in out
    process = start("course", desk, "check", "toy", "--file", file)
    out, _ = process.communicate(timeout=120)
    assert "pid " in out
    assert f"pid {process.pid} " not in out


@pytest.mark.parametrize("options", [(), ("--debug",)], ids=["worker", "debug"])
def test_a_syntax_error_is_told_with_its_line(desk: Path, options: tuple[str, ...]) -> None:
    """What is no Python fails with exit code 1 and the line, not with a traceback of ours."""
    ran = check(desk, "import numpy\n\ndef double(:\n", *options)
    assert (ran.code, ran.err) == (1, "")
    assert "line 3" in ran.out
    assert "not gradable" in ran.out


def test_a_crash_is_the_submissions_own(desk: Path) -> None:
    """A process that ends is a failed check, and the others are run all the same."""
    ran = check(desk, right_but("import os\ndef double(x):\n    os._exit(3)\n"))
    assert (ran.code, ran.err) == (1, "")
    assert "✗ Doubles a few numbers" in ran.out
    assert "Adds a few numbers" not in ran.out


@pytest.mark.parametrize(
    ("arguments", "says"), [(["nothing"], "the exercises are: toy"), (["toy", "--file", "no.py"], "there is no no.py")]
)
def test_what_cannot_be_checked(desk: Path, arguments: list[str], says: str) -> None:
    """An unknown exercise or a missing file is one sentence and exit code 2."""
    ran = program("course", desk, "check", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
    assert ran.err.startswith("course: ")
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize("options", [(), ("--debug",)], ids=["worker", "debug"])
def test_a_topic_without_torch_never_imports_it(desk: Path, tmp_path: Path, options: tuple[str, ...]) -> None:
    """Torch takes seconds to import: a NumPy topic must not pay for it, on either side."""
    note = tmp_path / "imported"
    hand_in(tmp_path, {"torch/__init__.py": FAKE_TORCH.format(note=str(note))})
    ran = check(desk, RIGHT, *options, PYTHONPATH=os.pathsep.join([str(tmp_path), str(ROOT)]))
    assert ran.code == 0, ran.err
    assert not note.exists()


def test_grading_a_topic_without_torch_never_imports_it(tmp_path: Path) -> None:
    """Nor does grading."""
    toy_course(tmp_path)
    note = tmp_path / "imported"
    hand_in(tmp_path, {"fake/torch/__init__.py": FAKE_TORCH.format(note=str(note)), "class/ada.py": RIGHT})
    paths = os.pathsep.join([str(tmp_path / "fake"), str(ROOT)])
    ran = program("grader", tmp_path, "grade", "toy", "class", "--sandbox", "none", PYTHONPATH=paths)
    assert ran.code == 0, ran.err
    assert not note.exists()


def test_help_of_the_students_command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """`course` lists its verbs, and a slip is exit code 2."""
    course = command_here("course", monkeypatch, capsys)
    ran = course(ROOT, "--help")
    assert ran.code == 0
    for verb in course_cli.list_commands(None):  # type: ignore[arg-type]
        assert f"\n  {verb} " in ran.out
    assert course(ROOT, "nonsense").code == 2


def test_demo_grades_a_sample_class(tmp_path: Path, grader: Command) -> None:
    """`demo` as a program: a class from the known answers, graded, with a report; again, the same results."""
    topic = toy_course(tmp_path)
    ran = program("grader", tmp_path, "demo", "--no-open", "--sandbox", "none")
    assert ran.code == 0, ran.err
    out = tmp_path / "out" / "demo"
    assert f"report: {out / 'report.html'}\n" in ran.out
    students = len(known_answers(topic)) + 1 + 5
    assert f"toy: {students} students" in ran.err
    results = untimed(out / "toy" / "results.json")
    assert len(results["submissions"]) == students == len(list((out / "submissions" / "toy").iterdir()))
    full = [entry for entry in results["submissions"] if entry["score"] == entry["max_score"]]
    assert len(full) == sum(answer.header.right for answer in known_answers(topic))
    assert len(list((out / "feedback").rglob("*.html"))) == students
    again = grader(tmp_path, "demo", "--no-open", "--sandbox", "none")
    assert again.code == 0
    assert untimed(out / "toy" / "results.json") == results


@pytest.mark.slow
def test_demo_of_the_course_itself(tmp_path: Path) -> None:
    """Every third of its first seven topics has a sample class that can be graded; the audit proves the others'."""
    topics = find_topics(ROOT / "solutions")[: FEW + 1]
    for topic in topics:
        copy = tmp_path / "solutions" / topic.slug
        shutil.copytree(topic.path, copy, ignore=shutil.ignore_patterns("__pycache__"))
    ran = program("grader", tmp_path, "demo", "--no-open", "--out", "out")
    assert ran.code == 0, ran.err
    graded = sorted(path.parent.name for path in (tmp_path / "out").glob("*/results.json"))
    assert sorted(topic.slug for topic in topics[::3]) == graded
    for path in (tmp_path / "out").glob("*/results.json"):
        assert '"INTERNAL_ERROR"' not in path.read_text(encoding="utf-8")
    assert (tmp_path / "out" / "report.html").is_file()


def test_report_is_made_again_from_the_gradebook(tmp_path: Path, grader: Command) -> None:
    """`report` needs the gradebook alone: the class page and one page a student, elsewhere, as often as wanted."""
    toy_course(tmp_path)
    hand_in(tmp_path / "class", {"ada.py": RIGHT, "bob.py": "("})
    assert grader(tmp_path, "grade", "toy", "class", "--sandbox", "none").code == 0
    shutil.rmtree(tmp_path / "solutions")
    shutil.rmtree(tmp_path / "class")
    ran = program("grader", tmp_path, "report", "--out", "again")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("1 topic, 2 students; ")
    assert ran.out.endswith("\nreport: again/report.html\n")
    page = (tmp_path / "again" / "report.html").read_text(encoding="utf-8")
    assert "ada" in page
    assert "bob" in page
    assert sorted(path.name for path in (tmp_path / "again" / "feedback").iterdir()) == [
        *("ada.html", "ada.txt", "bob.html", "bob.txt")
    ]


def test_report_without_a_gradebook(tmp_path: Path, grader: Command) -> None:
    """No gradebook, or none with a grade in it, is one sentence; none is made by asking."""
    ran = grader(tmp_path, "report")
    assert (ran.code, ran.out) == (2, "")
    assert "there is no gradebook at out/gradebook.db" in ran.err
    assert list(tmp_path.iterdir()) == []
