"""Progress of a run: a bar with rate and time left on a terminal, plain lines elsewhere; on stderr either way."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from grader.core.grade import Graded

SECONDS_BETWEEN_LINES = 10.0


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.1f}/s" if task.speed else "")


class RunProgress:
    """Use as a context manager around a run."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._total = self._done = 0
        self._started = self._said = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def start(self, total: int, reused: int) -> None:
        """``total`` submissions were found, ``reused`` of which were graded before."""
        self._total, self._done = total, reused
        self._started = self._said = time.monotonic()
        if self._console.is_terminal:
            columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
            self._bar = Progress(*columns, console=self._console)
            self._task = self._bar.add_task("grading", total=total, completed=reused)
            self._bar.start()
        else:
            again = f", {reused} of them graded before" if reused else ""
            self._line(f"{total} submissions{again}")

    def advance(self, graded: Graded) -> None:
        """One more is graded."""
        self._done += 1
        if self._bar is not None and self._task is not None:
            self._bar.advance(self._task)
        elif time.monotonic() - self._said > SECONDS_BETWEEN_LINES or self._done == self._total:
            self._said = time.monotonic()
            seconds = self._said - self._started
            self._line(f"{self._done} of {self._total} graded in {seconds:.1f} s")

    def _line(self, text: str) -> None:
        print(text, file=sys.stderr, flush=True)
