"""A course on disk with a class that handed in, and the two commands as programs of their own."""

from __future__ import annotations

import functools
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

from course.cli.main import cli as course_cli
from grader.cli.main import cli as grader_cli
from grader.cli.main import run
from grader.core.errors import SandboxError
from grader.core.topic import Topic, read_topic
from grader.release.notebook import make_notebook
from grader.sandbox.levels import best_level
from grader.tests.toy import FILES, RIGHT, right_but

ROOT = Path(__file__).parents[2]
PATIENCE = 400.0
"""Seconds after which a program is taken to hang."""

MARKER = "MARKER-4711"
"""What submissions put into everything that they print, raise and return."""

CLASS: Mapping[str, str | bytes] = {
    "ada.py": RIGHT,
    "bob.ipynb": make_notebook(RIGHT, "# By bob", "toy", ["double", "total", "Counter"]),
    "cyd/toy.py": right_but("def double(x):\n    return x * x\n"),
    "dan.py": f"def double(:\n    print('{MARKER}')\n",
    "eve.py": right_but("import os\ndef total(numbers):\n    os._exit(0)\n"),
    "fay.py": b"",
    "gil.py": right_but(f"""
        import sys

        mark = "-".join(["MARKER", "4711"])

        def double(x):
            print(mark, x)
            print("{MARKER}", x, file=sys.stderr)
            raise type(mark, (ValueError,), {{}})(mark, "{MARKER}", x)

        def total(numbers):
            return [mark, {{mark: numbers}}]
        """),
    "hal/readme.txt": "nothing here",
    "ivo.py": b"\x00\xff\xfe no program",
}
"""Nine students' files, by path."""

SCORES = {"ada": 30, "bob": 30, "cyd": 20, "dan": 0, "eve": 20, "fay": 0, "gil": 10, "hal": 0, "ivo": 0}


class Ran(NamedTuple):
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str


Command = Callable[..., Ran]
"""Runs a command in this process: ``command(folder, "grade", "toy", "class")``."""


def command_here(group: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """``grader`` or ``course`` in this process, with the folder it is given as working folder."""

    def command(folder: Path, *arguments: object) -> Ran:
        monkeypatch.chdir(folder)
        capsys.readouterr()
        code = run({"grader": grader_cli, "course": course_cli}[group], [str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    return command


def heed_interrupts() -> None:
    """Let programs that are started from here end by Ctrl-C, also where this runs in the background and ignores it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def start(group: str, folder: Path, *arguments: object, **environment: str) -> subprocess.Popen[str]:
    """``grader`` or ``course`` as a program of its own, in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", f"{group}.cli.main", *map(str, arguments)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )


def program(group: str, folder: Path, *arguments: object, **environment: str) -> Ran:
    """``grader`` or ``course`` as a program of its own, to its end."""
    process = start(group, folder, *arguments, **environment)
    out, err = process.communicate(timeout=PATIENCE)
    return Ran(process.returncode, out, err)


@functools.cache
def quick_level() -> str:
    """Where many workers start in little time, which a zygote forks: the host's best level, or "none" without one."""
    try:
        return best_level()
    except SandboxError:
        return "none"


def toy_course(folder: Path) -> Topic:
    """Copy the toy topic into ``folder``, which becomes a course."""
    shutil.copytree(FILES, folder / "solutions" / "toy", ignore=shutil.ignore_patterns("__pycache__"))
    return read_topic(folder / "solutions" / "toy")


def hand_in(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write submissions into ``folder``; returns it."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def untimed(results: Path) -> Any:
    """What ``results.json`` says, but for how long anything took."""
    decoded = msgspec.json.decode(results.read_bytes())
    for submission in decoded["submissions"]:
        del submission["seconds"]
    return decoded
