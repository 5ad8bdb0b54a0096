"""A Dask cluster of programs on this machine, under TLS with keys of its own: a scheduler, and workers by name."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

import msgspec
from distributed import Security

from grader.tests.classroom import PATIENCE, ROOT

_CONFIG = "DASK_DISTRIBUTED__COMM__"


class DaskPrograms:
    """Use as a context manager; ``address`` is the scheduler's, ``environment`` what its clients need, too."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.temporary = folder / "tmp"
        self.temporary.mkdir()
        self.workers: dict[str, subprocess.Popen[bytes]] = {}
        self.environment = _tls(folder)
        command = ["-m", "dask", "scheduler", "--protocol", "tls", "--host", "127.0.0.1", "--port", "0"]
        self._scheduler = self._start([*command, "--no-dashboard", "--scheduler-file", str(folder / "scheduler.json")])
        self.address = self._wait_for_address()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in (*self.workers.values(), self._scheduler):
            process.kill()
            process.wait()

    def start_worker(self, name: str, engine: Path = ROOT) -> subprocess.Popen[bytes]:
        """A worker with one thread, whose ``grader`` is the one in folder ``engine``."""
        options = ["--name", name, "--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1"]
        folder = ["--local-directory", str(self.folder / name)]
        command = ["-m", "dask", "worker", self.address, *options, *folder]
        self.workers[name] = self._start(command, engine)
        return self.workers[name]

    def _start(self, arguments: list[str], engine: Path = ROOT) -> subprocess.Popen[bytes]:
        environment = {**os.environ, **self.environment, "PYTHONPATH": str(engine), "TMPDIR": str(self.temporary)}
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-P", *arguments],
                cwd=self.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def _wait_for_address(self) -> str:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self._scheduler.poll() is None:
            try:
                said = msgspec.json.decode((self.folder / "scheduler.json").read_bytes())
                return str(said["address"])
            except (OSError, msgspec.DecodeError):
                time.sleep(0.05)
        raise AssertionError((self.folder / "log").read_text(encoding="utf-8"))


def _tls(folder: Path) -> dict[str, str]:
    """``distributed``'s configuration, by environment, with a certificate made for the occasion."""
    made = Security.temporary()
    (folder / "key.pem").write_text(made.tls_client_key, encoding="ascii")
    (folder / "cert.pem").write_text(made.tls_client_cert, encoding="ascii")
    found = {f"{_CONFIG}TLS__CA_FILE": str(folder / "cert.pem"), f"{_CONFIG}REQUIRE_ENCRYPTION": "True"}
    for role in ("CLIENT", "SCHEDULER", "WORKER"):
        found[f"{_CONFIG}TLS__{role}__KEY"] = str(folder / "key.pem")
        found[f"{_CONFIG}TLS__{role}__CERT"] = str(folder / "cert.pem")
    return found
