"""A real PostgreSQL server of the tests' own: in a temporary folder, behind a Unix socket, ended with them."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any, Self

NOBODY = 65534

NewUrl = Callable[[], str]
"""Names, or makes, a new place for a gradebook."""


class Unavailable(Exception):
    """This host can't have such a server; the text says what is missing."""


def programs() -> Path:
    """The folder of initdb and postgres; Unavailable if there is none."""
    if find_spec("psycopg") is None:
        raise Unavailable("psycopg is not installed")
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise Unavailable("PostgreSQL's server (initdb, postgres) is not installed")


class Server:
    """A running server; Unavailable if it can't be had."""

    def __init__(self) -> None:
        folder = programs()
        self._numbers = count(1)
        self._temporary = tempfile.TemporaryDirectory(prefix="pg-")
        self.folder = Path(self._temporary.name)
        # The server refuses to run as root.
        as_user: dict[str, Any] = {}
        if os.geteuid() == 0:
            os.chown(self.folder, NOBODY, NOBODY)
            as_user = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        data = self.folder / "data"
        made = subprocess.run(
            [folder / "initdb", "-D", data, "-U", "stride", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"],
            capture_output=True,
            text=True,
            cwd="/",
            **as_user,
        )
        if made.returncode:
            self._temporary.cleanup()
            raise Unavailable(f"initdb failed: {made.stderr.strip()[-300:]}")
        settings = ("listen_addresses=", "fsync=off", f"unix_socket_directories={self.folder}", "shared_buffers=16MB")
        with open(self.folder / "log", "wb") as log:
            self.process = subprocess.Popen(
                [folder / "postgres", "-D", data, *(word for each in settings for word in ("-c", each))],
                stdout=log,
                stderr=log,
                cwd="/",
                **as_user,
            )
        self._wait()

    def _wait(self) -> None:
        from time import monotonic, sleep

        until = monotonic() + 60
        while True:
            try:
                self.execute("SELECT 1")
            except Exception as error:
                if self.process.poll() is not None or monotonic() > until:
                    said = (self.folder / "log").read_text(encoding="utf-8", errors="replace")[-300:]
                    self.close()
                    raise Unavailable(f"postgres did not start: {said}") from error
                sleep(0.05)
            else:
                return

    def execute(self, statement: str) -> None:
        """Run one statement outside of any transaction."""
        import psycopg

        with psycopg.connect(f"host={self.folder} user=stride dbname=postgres", autocommit=True) as connection:
            connection.execute(statement)

    def new_url(self) -> str:
        """The URL of a new, empty database."""
        name = f"gradebook{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name}")
        return f"postgresql://stride@/{name}?host={self.folder}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """End the server, sessions and all, and remove its files."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._temporary.cleanup()
