"""A class that is slow enough for its run to be disturbed, and the processes that such a run consists of."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, NamedTuple

from grader.core.scratch import HELD
from grader.tests.classroom import PATIENCE, Ran, hand_in, program, start, toy_course, untimed
from grader.tests.toy import RIGHT, right_but

STUDENTS = 14
SLOW = "import time\ndef total(numbers):\n    time.sleep(0.05)\n    return sum(numbers)\n"
"""Right but for the empty list, and slow enough that a run can be stopped in the middle."""


class Process(NamedTuple):
    """A process as /proc shows it; its start time tells it from a later one of the same number."""

    pid: int
    parent: int
    started: str

    @property
    def command(self) -> str:
        """Its arguments, or nothing if it is gone."""
        with suppress(OSError):
            return Path(f"/proc/{self.pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        return ""


def processes() -> list[Process]:
    """Every process there is, but for those that only wait to be reaped."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                fields = (entry / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
                if fields[0] not in "ZX":
                    found.append(Process(int(entry.name), int(fields[1]), fields[19]))
    return found


def below(pid: int) -> list[Process]:
    """The descendants of a process."""
    everyone = processes()
    found, generation = [], {pid}
    while generation:
        children = [process for process in everyone if process.parent in generation]
        found += children
        generation = {process.pid for process in children}
    return found


def eventually(condition: Callable[[], Any]) -> bool:
    """Whether ``condition`` comes true before patience ends."""
    until = time.monotonic() + PATIENCE / 2
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.005)
    return True


class Class:
    """A class of slow submissions, its results when nothing disturbs the run, and how to run it."""

    def __init__(self, folder: Path, level: str) -> None:
        self.folder = folder
        self.level = level
        self.temporary = folder / "tmp"
        self.temporary.mkdir()
        toy_course(folder)
        files = {f"s{number:02}.py": f"{right_but(SLOW)}\n# {number}\n" for number in range(STUDENTS)}
        crash = "import os\ndef double(x):\n    os._exit(0)\n"
        hand_in(folder / "class", {**files, "crash.py": right_but(crash), "syntax.py": "(", "right.py": RIGHT})
        before = time.monotonic()
        undisturbed = program("grader", folder, *self.arguments("undisturbed"), TMPDIR=str(self.temporary))
        self.seconds = time.monotonic() - before
        assert undisturbed.code == 0, undisturbed.err
        self.results = untimed(folder / "undisturbed" / "results.json")

    def arguments(self, out: str) -> list[str]:
        """Of the command that grades the class."""
        return ["grade", "toy", "class", "--out", out, "--jobs", "2", "--sandbox", self.level]

    def start(self, out: str) -> subprocess.Popen[str]:
        """The run, under way."""
        return start("grader", self.folder, *self.arguments(out), TMPDIR=str(self.temporary))

    def finish(self, out: str) -> Ran:
        """The same command again, to its end."""
        return program("grader", self.folder, *self.arguments(out), TMPDIR=str(self.temporary))

    def recorded(self, out: str) -> list[str]:
        """The students in the gradebook, once for each time that they were graded."""
        try:
            with closing(sqlite3.connect(f"file:{self.folder / out / 'gradebook.db'}?mode=ro", uri=True)) as connection:
                return [row[0] for row in connection.execute("select student from grades")]
        except sqlite3.OperationalError:
            return []

    def assert_complete(self, out: str) -> None:
        """The results are those of an undisturbed run, and nobody was graded twice."""
        assert untimed(self.folder / out / "results.json") == self.results
        assert sorted(self.recorded(out)) == sorted(entry["student"] for entry in self.results["submissions"])
        feedback = self.folder / out / "feedback"
        assert {path.name for path in feedback.iterdir()} == {
            path.name for path in (self.folder / "undisturbed" / "feedback").iterdir()
        }

    def assert_none_lives(self, there: list[Process]) -> None:
        """None of the processes that were there lives on."""
        assert eventually(lambda: not set(there) & set(processes())), [
            process.command for process in set(there) & set(processes())
        ]

    def assert_nothing_left(self, there: list[Process]) -> None:
        """None of the processes that were there lives on, nor does anything they wrote outside of the results."""
        self.assert_none_lives(there)
        assert eventually(lambda: not list(self.temporary.iterdir())), list(self.temporary.iterdir())

    def assert_only_new_folders_left(self, there: list[Process], commands: str) -> None:
        """As above, but for an empty folder that none of their ``commands`` names: its session was about to start."""
        self.assert_none_lives(there)

        def is_new(folder: Path) -> bool:
            _, folders, files = next(os.walk(folder), ("", [], []))
            return folder.name.startswith(HELD) and folder.name not in commands and not folders and not files

        assert eventually(lambda: all(map(is_new, self.temporary.iterdir()))), list(self.temporary.iterdir())
