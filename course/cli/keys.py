"""Single keys from a terminal, on POSIX by termios, on Windows by msvcrt."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

PAUSE_SECONDS = 0.05


@contextmanager
def keys(pressed: Callable[[str], None]) -> Iterator[None]:
    """While the block runs, call ``pressed`` with each key, from another thread; nothing where stdin is no terminal."""
    if not sys.stdin.isatty():
        yield
        return
    done = threading.Event()
    if os.name == "nt":
        thread = threading.Thread(target=_windows, args=(pressed, done), daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()
        return
    import termios
    import tty

    before = termios.tcgetattr(sys.stdin)
    thread = threading.Thread(target=_posix, args=(pressed, done), daemon=True)
    try:
        # Not raw: Ctrl-C must go on stopping the program.
        tty.setcbreak(sys.stdin)
        thread.start()
        yield
    finally:
        done.set()
        thread.join()
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
