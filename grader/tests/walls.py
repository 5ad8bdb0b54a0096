"""Attempts from inside a worker behind each kind of wall."""

from __future__ import annotations

import os

import pytest

from grader.tests.ordinary import NOBODY
from grader.tests.toy import Session

WALLS = {
    "full": ("full", None),
    "landlock": ("landlock", None),
    "full-ordinary": ("full", NOBODY),
    "landlock-ordinary": ("landlock", NOBODY),
}
"""Level and user of each wall; None is whoever runs the tests."""


def chosen_wall(wall: str, always: bool) -> tuple[str, int | None]:
    """Level and user of ``wall``; a skip says what is missing. One not replayed ``always`` wants ``EVERY_WALL=1``."""
    level, user = WALLS[wall]
    if not always and not os.environ.get("EVERY_WALL"):
        pytest.skip("not proven: replayed with EVERY_WALL=1 only")
    if user is not None and os.getuid() != 0:
        pytest.skip("not proven: the tests run as an ordinary user already")
    return level, user


TRY = """
    import ctypes, errno, os, socket, sys

    libc = ctypes.CDLL(None, use_errno=True)

    def attempt(name, function, *args, **options):
        try:
            result = function(*args, **options)
        except BaseException as error:
            number = getattr(error, "errno", None)
            print(name, "refused:", errno.errorcode.get(number) or type(error).__name__)
        else:
            print(name, "DONE:", str(result)[:200])

    def call(function, *args):
        ctypes.set_errno(0)
        if libc[function](*args) == -1:
            raise OSError(ctypes.get_errno(), function)
"""


def refusals(session: Session, code: str) -> dict[str, str]:
    """Each attempt of ``code`` with how it was refused; fails if one was not."""
    lines = session.observe(f"{TRY}\n{code}")
    assert lines
    done = [line for line in lines if " refused: " not in line]
    assert [] == done
    return dict(line.split(" refused: ") for line in lines)
