"""Runs a topic's public checks as ``course check`` does, in a process of its own, and keeps what it said."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import Final

SECONDS: Final = 180
"""Longer than the slowest suite's own limits."""


class Checker:
    """One check at a time: a student has one machine. What the engine said is kept by topic until the next check."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._one = threading.Lock()
        self._said: dict[str, tuple[str, str]] = {}

    def check(self, slug: str, digest: str) -> None:
        """Run the checks of the topic ``slug``, a name the course knows, on the file with this digest."""
        with self._one:
            if self._said.get(slug, ("", ""))[0] == digest:
                # Another window asked for the same while this one waited.
                return
            command = [sys.executable, "-m", "course.cli.main", "check", slug]
            try:
                run = subprocess.run(
                    command, cwd=self._root, capture_output=True, timeout=SECONDS, check=False, stdin=subprocess.DEVNULL
                )
                said = (run.stdout + run.stderr).decode("utf-8", "replace")
            except subprocess.TimeoutExpired:
                said = f"the checks took longer than {SECONDS} seconds: `course check {slug}` in a terminal goes on"
            self._said[slug] = digest, said

    def forget(self, slug: str) -> None:
        """Check again even if the file is the same."""
        self._said.pop(slug, None)

    def said(self, slug: str, digest: str) -> str | None:
        """What the engine said of the file with this digest; None if it was not asked."""
        of, words = self._said.get(slug, ("", ""))
        return words if of == digest else None
