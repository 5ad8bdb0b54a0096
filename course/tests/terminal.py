"""A real terminal for tests, by tmux: what is on its screen, and keys into it."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from grader.tests.classroom import ROOT

PATIENCE = 60.0


def until(found: Callable[[], bool], what: str) -> None:
    """Wait for something to be true."""
    end = time.monotonic() + PATIENCE
    while not found():
        assert time.monotonic() < end, what
        time.sleep(0.05)


class Terminal:
    """A program in a terminal of its own, by tmux."""

    def __init__(self, folder: Path, command: str) -> None:
        self._tmux = ["tmux", "-S", str(folder / "tmux"), "-f", os.devnull]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"}
        size = ["-x", "100", "-y", "30"]
        subprocess.run(
            [*self._tmux, "-u", "new-session", "-d", *size, command], cwd=folder, env=environment, check=True
        )

    def screen(self) -> str:
        """What is to be seen now."""
        ran = subprocess.run([*self._tmux, "capture-pane", "-p"], capture_output=True, text=True, check=False)
        return ran.stdout

    def press(self, key: str) -> None:
        """Press a key."""
        subprocess.run([*self._tmux, "send-keys", key], check=True)

    def type(self, text: str) -> None:
        """Type a line and press Enter."""
        subprocess.run([*self._tmux, "send-keys", "-l", text], check=True)
        self.press("Enter")

    def close(self) -> None:
        """End this terminal's own server."""
        subprocess.run([*self._tmux, "kill-server"], capture_output=True, check=False)
