"""``%points TOPIC TASK``: what a grade cell of an nbgrader notebook runs in a student's kernel.

The public checks run on what has been run in this kernel so far, in a process of their own, which waits a while for the
next cell: starting takes longer than checking. Grading never comes here: ``nbgrader autograde`` runs no kernel with
this course's configuration, and without it this refuses to give points, since a student's kernel could answer anything.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Final

import msgspec

MAGIC = "%points"

IDLE_SECONDS: Final = 60.0
"""How long a process waits for the next cell: what it holds in memory is not kept while a student thinks."""


class Asked(msgspec.Struct, frozen=True):
    """A task to try, and the cells that were run."""

    task: str
    cells: list[str]


class Tried(msgspec.Struct, frozen=True):
    """What the public checks of a task gave: the text to read and the task's points by them alone, or a problem."""

    text: str
    points: float = 0.0
    problem: str = ""


def load_ipython_extension(shell: Any) -> None:
    """Give ``shell`` the magic."""
    shell.register_magic_function(lambda line: points(line, shell.user_ns.get("In", [])), "line", "points")


def points(line: str, history: list[str]) -> float:
    """Try the public checks of the topic and task in ``line`` on the cells of ``history``, and print what they say."""
    if os.environ.get("NBGRADER_EXECUTION") == "autograde":
        raise RuntimeError("nbgrader_config.py of this course is not in use: run nbgrader in the course's own folder")
    slug, _, task = line.strip().partition(" ")
    asked = Asked(task.strip(), [text for text in history if MAGIC not in text or "def " in text])
    here = (slug, str(Path.cwd()))
    running = _RUNNING.get(here)
    tried = running.ask(asked) if running is not None else None
    if tried is None:
        # There is none yet, or it has ended.
        if running is not None:
            running.close()
        _RUNNING[here] = running = Checker(slug)
        tried = running.ask(asked)
        if tried is None:
            raise RuntimeError(running.close() or "the checks did not run")
    if tried.problem:
        raise RuntimeError(tried.problem)
    print(tried.text)
    return tried.points


class Checker:
    """A process that runs the public checks of a topic for this kernel, and ends with it."""

    def __init__(self, slug: str) -> None:
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  lives as long as the process
        self._process = subprocess.Popen(
            [sys.executable, "-m", "grader.lms.cell_child", slug],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
        )
        self._turn = threading.Lock()
        self._timer: threading.Timer | None = None

    def ask(self, asked: Asked) -> Tried | None:
        """What came of a task; None if the process has ended."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._turn:
            if self._timer is not None:
                self._timer.cancel()
            try:
                self._process.stdin.write(msgspec.json.encode(asked) + b"\n")
                self._process.stdin.flush()
                answer = self._process.stdout.readline()
            except (OSError, ValueError):
                return None
            except BaseException:
                # Interrupted: an answer that nobody waits for must not be taken for the next.
                self._process.kill()
                raise
            if not answer.endswith(b"\n"):
                return None
            self._timer = threading.Timer(IDLE_SECONDS, self.close)
            self._timer.daemon = True
            self._timer.start()
        return msgspec.json.decode(answer, type=Tried)

    def close(self) -> str:
        """Let the process end, as it does when the kernel ends; what it said on stderr. Harmless if done already."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._turn:
            if self._timer is not None:
                self._timer.cancel()
            with suppress(OSError):
                self._process.stdin.close()
            self._process.wait()
            self._process.stdout.close()
            if self._errors.closed:
                return ""
            with self._errors:
                self._errors.seek(0)
                return self._errors.read().decode("utf-8", "replace").strip()


_RUNNING: dict[tuple[str, str], Checker] = {}
