"""A Dask cluster of programs on this machine, under TLS with keys of its own: a scheduler, and workers by name.

With ``namespaces`` each worker lives in a network namespace of its own, joined to the others by a bridge; that needs
root and the program ``ip``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Final, Self

import msgspec
from distributed import Security

from grader.core.errors import GraderError

ROOT: Final = Path(__file__).parents[2]
PATIENCE: Final = 400.0

_CONFIG = "DASK_DISTRIBUTED__COMM__"
_BRIDGE = "grader-br"
_NETWORK = "10.99.77"


class DaskPrograms:
    """Use as a context manager; ``address`` is the scheduler's, ``environment`` what its clients need, too."""

    def __init__(self, folder: Path, *, namespaces: bool = False) -> None:
        folder.mkdir()
        self.folder = folder
        self.temporary = folder / "tmp"
        self.temporary.mkdir()
        self.environment = _tls(folder)
        self.workers: dict[str, subprocess.Popen[bytes]] = {}
        self._network = _Network() if namespaces else None
        host = f"{_NETWORK}.1" if namespaces else "127.0.0.1"
        try:
            command = ["-m", "dask", "scheduler", "--protocol", "tls", "--host", host, "--port", "0", "--no-dashboard"]
            self._scheduler = self._start([*command, "--scheduler-file", str(folder / "scheduler.json")])
            self.address = self._wait_for_address()
        except BaseException:
            if self._network is not None:
                self._network.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in (*self.workers.values(), self._scheduler):
            process.kill()
            process.wait()
        if self._network is not None:
            self._network.close()

    def start_worker(self, name: str, engine: Path = ROOT, *, nanny: bool = False) -> subprocess.Popen[bytes]:
        """A worker with one thread, whose ``grader`` is the one in folder ``engine``; below a nanny it is a daemon."""
        host, prefix = "127.0.0.1", list[str]()
        if self._network is not None:
            host, prefix = self._network.join(len(self.workers) + 2)
        options = [
            "--name",
            name,
            "--nthreads",
            "1",
            "--nanny" if nanny else "--no-nanny",
            "--no-dashboard",
            "--host",
            host,
        ]
        command = ["-m", "dask", "worker", self.address, *options, "--local-directory", str(self.folder / name)]
        self.workers[name] = self._start(command, engine, prefix)
        return self.workers[name]

    def log(self) -> str:
        """What scheduler and workers wrote."""
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")

    def _start(
        self, arguments: list[str], engine: Path = ROOT, prefix: list[str] | None = None
    ) -> subprocess.Popen[bytes]:
        environment = {**os.environ, **self.environment, "PYTHONPATH": str(engine), "TMPDIR": str(self.temporary)}
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [*(prefix or []), sys.executable, "-P", *arguments],
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
        raise GraderError(f"the scheduler did not start: {self.log()[-500:]}")


class _Network:
    """Network namespaces joined by a bridge. GraderError where this host or this user can't make them."""

    def __init__(self) -> None:
        if os.geteuid() != 0 or shutil.which("ip") is None:
            raise GraderError("network namespaces need root and the program ip")
        self._made: list[list[str]] = []
        try:
            self._ip(f"link add {_BRIDGE} type bridge", undo=f"link del {_BRIDGE}")
            self._ip(f"addr add {_NETWORK}.1/24 dev {_BRIDGE}")
            self._ip(f"link set {_BRIDGE} up")
        except GraderError:
            self.close()
            raise

    def join(self, number: int) -> tuple[str, list[str]]:
        """A further namespace: its address, and what starts a program in it."""
        name, inside, outside = f"grader-ns{number}", f"grader-i{number}", f"grader-o{number}"
        self._ip(f"netns add {name}", undo=f"netns del {name}")
        self._ip(f"link add {outside} type veth peer name {inside}", undo=f"link del {outside}")
        self._ip(f"link set {inside} netns {name}")
        self._ip(f"link set {outside} master {_BRIDGE}")
        self._ip(f"link set {outside} up")
        for command in (f"addr add {_NETWORK}.{number}/24 dev {inside}", f"link set {inside} up", "link set lo up"):
            self._ip(f"netns exec {name} ip {command}")
        return f"{_NETWORK}.{number}", ["ip", "netns", "exec", name]

    def close(self) -> None:
        """Remove them again."""
        while self._made:
            with suppress(OSError):
                subprocess.run(self._made.pop(), check=False, capture_output=True)

    def _ip(self, arguments: str, undo: str = "") -> None:
        ran = subprocess.run(["ip", *arguments.split()], check=False, capture_output=True, text=True)
        if ran.returncode != 0:
            raise GraderError(f"this host can't: ip {arguments}: {ran.stderr.strip()}")
        if undo:
            self._made.append(["ip", *undo.split()])


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
