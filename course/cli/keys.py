"""Single keys from a terminal, on POSIX by termios, on Windows by msvcrt."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from course.cli.beside import beside

PAUSE_SECONDS = 0.05


@contextmanager
def keys(pressed: Callable[[str], None]) -> Iterator[None]:
    """While the block runs, call ``pressed`` with each key, from another thread; nothing where stdin is no terminal."""
    if not sys.stdin.isatty():
        yield
        return
    if os.name == "nt":
        with beside(partial(_windows, pressed)):
            yield
        return
    import termios
    import tty

    before = termios.tcgetattr(sys.stdin)
    try:
        # Not raw: Ctrl-C must go on stopping the program.
        tty.setcbreak(sys.stdin)
        with beside(partial(_posix, pressed)):
            yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


def _posix(pressed: Callable[[str], None], done: threading.Event) -> None:
    import select

    descriptor = sys.stdin.fileno()
    while not done.is_set():
        if select.select([descriptor], [], [], PAUSE_SECONDS)[0]:
            key = os.read(descriptor, 1).decode("ascii", "replace")
            if not key:
                # The terminal went away.
                pressed("q")
                return
            pressed(key)


def _windows(pressed: Callable[[str], None], done: threading.Event) -> None:
    import msvcrt

    while not done.wait(PAUSE_SECONDS):
        while msvcrt.kbhit():  # type: ignore[attr-defined,unused-ignore]
            pressed(msvcrt.getwch())  # type: ignore[attr-defined,unused-ignore]
