"""``course watch``: what it decides, as plain lines without a terminal, and driven for real in one."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from course.checks.progress import Row
from course.checks.watching import Do, Pressed, Saved, Stopped, decide, latest
from course.tests.terminal import PATIENCE, Terminal, until
from grader.release.twin import write_twin
from grader.tests.classroom import ROOT, program, start, toy_course
from grader.tests.toy import RIGHT, right_but

HALF = right_but("def total(numbers):\n    return 0\n")


def rows(**standings: str) -> list[Row]:
    """A row for each topic, with this standing."""
    return [Row(name, name, standing, 0, 1, 0, 1, 0.0, 1.0, "") for name, standing in standings.items()]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (Saved("a"), Do("check", "a")),
        (Saved("b"), Do("check", "b")),
        (Pressed("h"), Do("hint", "a")),
        (Pressed("L"), Do("list", "a")),
        (Pressed("n"), Do("check", "c")),
        (Pressed("q"), Do("quit", "a")),
        (Pressed("\x04"), Do("quit", "a")),
        (Pressed("x"), Do("nothing", "a")),
        (Pressed("é"), Do("nothing", "a")),
        (Stopped(), Do("quit", "a")),
    ],
)
def test_each_event_has_its_answer(event: Saved | Pressed | Stopped, expected: Do) -> None:
    """A save of another topic goes on with that one, and ``n`` skips what is done."""
    assert expected == decide(event, "a", rows(a="started", b="done", c="not started"))


def test_next_comes_round_and_ends() -> None:
    """After the last topic the first that is not done; with nothing else left, the list."""
    assert Do("check", "a") == decide(Pressed("n"), "c", rows(a="started", b="done", c="started"))
    assert Do("list", "a") == decide(Pressed("n"), "a", rows(a="started", b="done"))


def test_of_several_saves_the_last_counts() -> None:
    """A burst of saves is one check, a key between them keeps its place, and nothing follows the end."""
    burst: list[Saved | Pressed | Stopped] = [Saved("a"), Pressed("h"), Saved("a"), Saved("b"), Stopped(), Saved("a")]
    assert [Pressed("h"), Saved("b"), Stopped()] == latest(burst)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """What a student has: one exercise."""
    write_twin(toy_course(tmp_path / "author"), tmp_path / "exercises")
    return tmp_path


@pytest.fixture
def watching(desk: Path) -> Iterator[tuple[subprocess.Popen[str], Callable[[], str]]]:
    """``course watch`` without a terminal, and what it has said so far."""
    log = desk / "log"
    with log.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "course.cli.main", "watch"],
            cwd=desk,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            text=True,
        )
    yield process, log.read_text
    process.kill()
    process.wait()


def test_without_a_terminal_plain_lines_tell_each_save(
    desk: Path, watching: tuple[subprocess.Popen[str], Callable[[], str]]
) -> None:
    """One failing check at a time, the first; half-written and vanished files are survived; Ctrl-C ends it with 0."""
    process, said = watching
    file = desk / "exercises" / "toy" / "toy.py"
    until(lambda: "✗ Doubles a few numbers (double)" in said(), "the stub was not checked")
    assert "Adds a few numbers" not in said()
    file.write_text(HALF, encoding="utf-8")
    until(lambda: "✗ Adds a few numbers (total)" in said(), "the save went unnoticed")
    file.write_text("def double(", encoding="utf-8")
    until(lambda: "not gradable: toy.py, line 1" in said(), "the half-written file went unnoticed")
    file.write_bytes(b"\xff\xfe\x00")
    until(lambda: "UTF-16" in said(), "the bytes went unnoticed")
    file.unlink()
    other = file.with_suffix(".tmp")
    other.write_text(RIGHT, encoding="utf-8")
    other.replace(file)
    until(lambda: "Every public check passes" in said(), "the replaced file went unnoticed")
    assert "\x1b" not in said()
    assert "h hint" not in said()
    process.send_signal(signal.SIGINT)
    assert process.wait(PATIENCE) == 0
    assert said().endswith("stopped watching\n")
    assert "Traceback" not in said()


def test_a_loop_without_end_does_not_stop_the_watch(
    desk: Path, watching: tuple[subprocess.Popen[str], Callable[[], str]]
) -> None:
    """Nor does a submission that ends its process."""
    _, said = watching
    file = desk / "exercises" / "toy" / "toy.py"
    until(lambda: "✗" in said(), "the stub was not checked")
    file.write_text(right_but("def double(x):\n    while True: pass\n"), encoding="utf-8")
    until(lambda: "look for a loop that never ends" in said(), "the loop was not ended")
    file.write_text(right_but("import os\ndef double(x):\n    os._exit(1)\n"), encoding="utf-8")
    until(lambda: "exited with status 1" in said(), "the end of the process was not told")
    file.write_text(RIGHT, encoding="utf-8")
    until(lambda: "Every public check passes" in said(), "the right answer went unnoticed")


def test_nothing_of_it_stays_when_it_ends(desk: Path) -> None:
    """Ctrl-C ends the workers too, the one started ahead included."""
    process = start("course", desk, "watch", "toy")
    assert process.stdout is not None
    while "✗" not in process.stdout.readline():
        assert process.poll() is None
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=PATIENCE)

    def gone() -> bool:
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return True
        return False

    until(gone, "a worker outlived the watch")


@pytest.fixture
def terminal(desk: Path) -> Iterator[Terminal]:
    """``course watch`` in a terminal, and then a prompt."""
    if shutil.which("tmux") is None:
        pytest.skip("tmux is missing: no terminal to drive")
    terminal = Terminal(desk, f"{sys.executable} -m course.cli.main watch; echo ended: $?; cat")
    yield terminal
    terminal.close()


def test_in_a_terminal_keys_and_saves_work(desk: Path, terminal: Terminal) -> None:
    """Each run has the screen to itself; h, n, l and q do what the last line says."""
    file = desk / "exercises" / "toy" / "toy.py"
    until(lambda: "h hint" in terminal.screen(), "the watch did not start")
    assert "✗ Doubles a few numbers" in terminal.screen()
    terminal.press("h")
    until(lambda: "double, hint 1 of 3" in terminal.screen(), "no hint")
    terminal.press("h")
    until(lambda: "double, hint 2 of 3" in terminal.screen(), "no second hint")
    file.write_text(HALF, encoding="utf-8")
    until(lambda: "✗ Adds a few numbers" in terminal.screen(), "the save went unnoticed")
    assert "Doubles a few numbers" not in terminal.screen()
    assert "hint 1 of 3" not in terminal.screen()
    terminal.press("l")
    until(lambda: "→ toy: started, 1 of 2 checks" in terminal.screen(), "no list")
    file.write_text(RIGHT, encoding="utf-8")
    until(lambda: "Every public check passes" in terminal.screen(), "the right answer went unnoticed")
    terminal.press("n")
    until(lambda: "→ toy: done" in terminal.screen(), "with all done, n lists")
    terminal.press("q")
    until(lambda: "ended: 0" in terminal.screen(), "q did not quit")


def test_watching_outside_a_course(tmp_path: Path) -> None:
    """A course without exercises is one sentence and exit code 2."""
    (tmp_path / "exercises").mkdir()
    ran = program("course", tmp_path, "watch")
    assert (ran.code, ran.out) == (2, "")
    assert "holds no exercises/" in ran.err
