"""A student's loop from end to end: list, check, progress, hint, reset, and what is remembered between them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from grader.core.memory import Checked, Memory, TopicState
from grader.core.topic import read_topic
from grader.release.twin import write_twin
from grader.tests.classroom import Command, program, toy_course
from grader.tests.toy import RIGHT, right_but

HALF = right_but("def total(numbers):\n    return 0\n")


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """What a student has: one exercise, nothing of the solutions."""
    write_twin(toy_course(tmp_path / "author"), tmp_path / "desk" / "exercises")
    return tmp_path / "desk"


def fill(desk: Path, text: str) -> Path:
    """Write ``text`` into the exercise's file."""
    file = desk / "exercises" / "toy" / "toy.py"
    file.write_text(text, encoding="utf-8")
    return file


def row(course: Command, desk: Path) -> dict[str, object]:
    """The toy's row of ``course progress --format json``."""
    ran = course(desk, "progress", "--format", "json")
    assert ran.code == 0
    (found,) = json.loads(ran.out)
    return dict(found)


def test_list_names_each_topic_with_what_it_asks(desk: Path, course: Command) -> None:
    """Order, slug, title, points and how far you are; from a folder inside the course, too."""
    ran = course(desk / "exercises" / "toy", "list")
    assert (ran.code, ran.err) == (0, "")
    for word in ("toy", "A toy", "30 points", "30 min", "not started"):
        assert word in ran.out


def test_progress_follows_the_work(desk: Path, course: Command) -> None:
    """Not started, changed, started and done, each with its next step."""
    assert row(course, desk) == {
        "topic": "toy",
        "title": "A toy",
        "standing": "not started",
        "tasks_done": 0,
        "tasks": 3,
        "checks_passed": 0,
        "checks": 2,
        "points": 0.0,
        "max_points": 30.0,
        "next_step": "read exercises/toy/README.md",
    }
    fill(desk, HALF)
    assert (row(course, desk)["standing"], row(course, desk)["next_step"]) == ("changed", "course check toy")
    assert program("course", desk, "check", "toy").code == 1
    found = row(course, desk)
    assert (found["standing"], found["tasks_done"], found["checks_passed"]) == ("started", 1, 1)
    assert (found["points"], found["next_step"]) == (10.0, "course hint toy total")
    fill(desk, RIGHT)
    assert row(course, desk)["standing"] == "changed"
    assert program("course", desk, "check", "toy").code == 0
    found = row(course, desk)
    assert (found["standing"], found["tasks_done"], found["checks_passed"]) == ("done", 2, 2)
    ran = course(desk, "progress")
    assert "████████████" in ran.out
    assert "1 of 1 topics done" in ran.out
    assert "Hand your work in" in ran.out


def test_what_another_file_earns_is_not_remembered(desk: Path, course: Command) -> None:
    """``--file`` checks something else than the student's own work."""
    other = desk / "other.py"
    other.write_text(RIGHT, encoding="utf-8")
    assert program("course", desk, "check", "toy", "--file", other).code == 0
    assert row(course, desk)["checks_passed"] == 0


def test_checking_all_says_a_line_a_topic(desk: Path) -> None:
    """Exit code 1 while a topic is not started or fails, 0 when all pass; one topic's file gone is a line as well."""
    author = desk.parent / "author"
    (author / "solutions" / "toy").rename(author / "solutions" / "second")
    second = author / "solutions" / "second"
    (second / "toy.py").rename(second / "second.py")
    (second / "topic.toml").write_text((second / "topic.toml").read_text().replace("order = 1", "order = 2"))
    write_twin(read_topic(second), desk / "exercises")
    ran = program("course", desk, "check")
    assert (ran.code, ran.err) == (1, "")
    assert ran.out == "✗ toy: not started\n✗ second: not started\n"
    fill(desk, RIGHT)
    (desk / "exercises" / "second" / "second.py").write_text(HALF)
    ran = program("course", desk, "check")
    assert ran.code == 1
    assert ran.out == "✓ toy: 2 of 2 checks passed\n✗ second: 1 of 2 checks passed\nnext: course check second\n"
    (desk / "exercises" / "second" / "second.py").write_text(RIGHT)
    assert program("course", desk, "check").code == 0
    for suffix in (".py", ".ipynb"):
        (desk / "exercises" / "second" / f"second{suffix}").unlink()
    ran = program("course", desk, "check")
    assert ran.code == 1
    assert "✗ second: there is no second.py: `course reset second`" in ran.out


def test_hints_grow_stronger_and_are_remembered(desk: Path, course: Command) -> None:
    """Each call the next of three, then the strongest again; a task that is not named is the first that fails."""
    said = [course(desk, "hint", "toy", "double").out for _ in range(4)]
    assert [text.splitlines()[0] for text in said] == [
        "double, hint 1 of 3: Twice as much.",
        "double, hint 2 of 3: Multiply.",
        "double, hint 3 of 3: Multiply by two.",
        "double, hint 3 of 3: Multiply by two.",
    ]
    assert "exercises/toy/README.md" in said[3]
    fill(desk, HALF)
    assert program("course", desk, "check", "toy").code == 1
    assert course(desk, "hint", "toy").out.startswith("total, hint 1 of 3")
    ran = course(desk, "hint", "toy", "nothing")
    assert ran.code == 2
    assert "its tasks are double, total, Counter" in ran.err


def test_reset_keeps_the_old_file(desk: Path, course: Command) -> None:
    """A fresh stub and notebook; nothing that a student wrote is lost, however often it is reset."""
    stub = (desk / "exercises" / "toy" / "toy.py").read_bytes()
    notebook = (desk / "exercises" / "toy" / "toy.ipynb").read_bytes()
    for number in (1, 2):
        file = fill(desk, f"x = {number}\n")
        (desk / "exercises" / "toy" / "toy.ipynb").write_text("{}")
        ran = course(desk, "reset", "toy")
        assert (ran.code, ran.err) == (0, "")
        assert f"yours is toy.py.bak-{number}" in ran.out
        assert file.with_name(f"toy.py.bak-{number}").read_text() == f"x = {number}\n"
        assert file.read_bytes() == stub
        assert (desk / "exercises" / "toy" / "toy.ipynb").read_bytes() == notebook
    assert "toy.py is as it was released\n" in course(desk, "reset", "toy").out
    assert row(course, desk)["standing"] == "not started"


def test_reset_without_a_pristine_stub_touches_nothing(desk: Path, course: Command) -> None:
    """One sentence, and the student's file is where it was."""
    file = fill(desk, "mine = 1\n")
    (desk / "exercises" / "toy" / ".stub").unlink()
    ran = course(desk, "reset", "toy")
    assert ran.code == 2
    assert "the copy of the stub, is gone" in ran.err
    assert file.read_text() == "mine = 1\n"


def test_a_file_in_the_wrong_folder_is_found(desk: Path) -> None:
    """The message says where the file lies and where it belongs; without any, how to get the stub back."""
    (desk / "exercises" / "toy" / "toy.ipynb").unlink()
    (desk / "exercises" / "toy" / "toy.py").rename(desk / "toy.py")
    ran = program("course", desk, "check", "toy")
    assert ran.code == 2
    assert "there is no exercises/toy/toy.py, but there is toy.py: move it to exercises/toy" in ran.err
    (desk / "toy.py").unlink()
    ran = program("course", desk, "check", "toy")
    assert "`course reset toy` puts a fresh stub there" in ran.err


def test_the_notebook_is_checked_where_it_is_further(desk: Path) -> None:
    """As grading chooses: whichever of the two leaves less of the stub."""
    notebook = desk / "exercises" / "toy" / "toy.ipynb"
    cells = json.loads(notebook.read_text())
    for cell in cells["cells"]:
        if cell["id"] == "task-1":
            cell["source"] = ["def double(x):\n", "    return 2 * x\n"]
    notebook.write_text(json.dumps(cells))
    ran = program("course", desk, "check", "toy")
    assert "toy.ipynb" in ran.out
    assert "Score: 10 of 20" in ran.out


def test_a_numpy_topic_imports_nothing_heavy(desk: Path) -> None:
    """Neither torch nor what only an instructor, or a table, needs: the check has to be there in a second."""
    fill(desk, RIGHT)
    code = (
        "import sys; from course.cli.main import cli; from grader.cli.main import run; run(cli, ['check', 'toy']); "
        "print(sorted({name.partition('.')[0] for name in sys.modules} & {'torch', 'rich', 'sqlalchemy', 'alembic', "
        "'jinja2', 'watchfiles', 'IPython', 'matplotlib'}))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=desk, capture_output=True, text=True, timeout=200, check=True
    )
    assert ran.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[1]", b'{"hints": {"double": "x"}}', b"[" * 100_000])
def test_damaged_memory_is_set_aside(desk: Path, course: Command, content: bytes) -> None:
    """Whatever lies in .course/, the command works, says so once, and keeps the damaged file."""
    (desk / ".course").mkdir()
    (desk / ".course" / "toy.json").write_bytes(content)
    ran = course(desk, "progress")
    assert ran.code == 0
    assert "toy.json.damaged-1" in "".join(ran.out.split())
    assert (desk / ".course" / "toy.json.damaged-1").read_bytes() == content
    assert "damaged" not in course(desk, "progress").out


@pytest.mark.parametrize("shown", [-5, 10**9])
def test_a_forged_memory_hurts_nobody(desk: Path, course: Command, shown: int) -> None:
    """A count of hints that can't be is brought back into range; forged points are the student's own affair."""
    Memory(desk).write("toy", TopicState(hints={"double": shown}))
    assert course(desk, "hint", "toy", "double").code == 0
    Memory(desk).write("toy", TopicState(checked=Checked("x", True, 1e9)))
    assert row(course, desk)["standing"] in ("changed", "not started")


def test_a_crash_while_writing_leaves_the_old_state(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is replaced as a whole or not at all, and no temporary file stays."""
    memory = Memory(desk)
    memory.remember_hint("toy", "double", 1)

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(KeyboardInterrupt):
        memory.remember_hint("toy", "double", 2)
    assert memory.read("toy").hints == {"double": 1}
    assert ["toy.json"] == [path.name for path in (desk / ".course").iterdir()]


def test_what_cannot_be_remembered_costs_no_feedback(desk: Path, course: Command) -> None:
    """Check, hint and reset do their work and say in a note why nothing is kept, as on a full disk."""
    fill(desk, HALF)
    (desk / ".course").write_text("no folder", encoding="utf-8")
    ran = program("course", desk, "check", "toy")
    assert ran.code == 1
    assert "1 of 2 checks passed" in ran.out
    assert "note: this is not remembered: " in ran.out
    hint = course(desk, "hint", "toy", "total")
    assert hint.out.startswith("total, hint 1 of 3")
    assert "note: this is not remembered: " in hint.out
    assert "toy.py is fresh again; yours is toy.py.bak-1" in course(desk, "reset", "toy").out
    assert course(desk, "progress").code == 0


def test_a_memory_that_cannot_be_read_is_not_overwritten(desk: Path, course: Command) -> None:
    """A note says why; hints and checks come all the same."""
    (desk / ".course" / "toy.json").mkdir(parents=True)
    ran = course(desk, "hint", "toy", "total")
    assert (ran.code, ran.err) == (0, "")
    assert "can't be read: Is a directory" in ran.out
    assert (desk / ".course" / "toy.json").is_dir()


def test_outside_a_course_the_commands_say_where_to_go(tmp_path: Path, course: Command) -> None:
    """An unknown topic is one sentence and exit code 2, for each verb that takes one."""
    write_twin(toy_course(tmp_path / "author"), tmp_path / "exercises")
    for verb in ("check", "hint", "reset", "watch"):
        ran = course(tmp_path, verb, "nothing")
        assert ran.code == 2
        assert "the exercises are: toy" in ran.err
